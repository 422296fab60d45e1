"""What a service raises when it will not do what it was asked. Every door turns these into its own answer."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the domain forbids the action; `message` is a sentence for the person who asked."""

    default_message = _("无法完成该操作。")

    def __init__(self, message: object = None) -> None:
        self.message = message or self.default_message
        super().__init__(str(self.message))


class StateConflict(DomainError):
    """The object is no longer in the state the action starts from, or somebody changed it meanwhile."""

    default_message = _("内容刚刚被他人更新，请刷新页面后再试。")


class NotAllowed(DomainError, PermissionDenied):
    """The person may not do this; `message` says why."""

    default_message = _("您没有进行该操作的权限。")
