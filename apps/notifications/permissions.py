"""Who may do what with notifications and robots."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.accounts.permissions import owns
from apps.accounts.selectors import Viewer
from apps.core.decisions import ALLOWED, Decision, refused
from apps.notifications.models import Notification


def can_mark_read(user: Viewer, notification: Notification) -> Decision:
    return ALLOWED if notification.recipient_id == user.pk else refused(_("这条通知不是发给您的。"))


def can_manage_robot(user: Viewer, organisation: Organisation) -> Decision:
    """Owners only: whoever sets the address decides who reads what the organisation is told."""
    if not owns(user, organisation):
        return refused(_("只有本单位负责人可以设置群机器人。"))
    if not organisation.is_verified:
        return refused(_("贵单位通过核验后就可以设置群机器人。"))
    return ALLOWED
