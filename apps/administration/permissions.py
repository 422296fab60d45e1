"""Who may use the office."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Viewer, is_administrator, is_reviewer
from apps.core.decisions import ALLOWED, Decision, refused


def can_enter_office(user: Viewer) -> Decision:
    """See its first page, the vocabularies and the announcements: reviewers too."""
    return ALLOWED if is_reviewer(user) else refused(_("管理页面仅供平台审核员和管理员使用。"))


def can_administer(user: Viewer) -> Decision:
    """People and roles, settings, the trail, personal data: administrators only."""
    return ALLOWED if is_administrator(user) else refused(_("该操作仅供平台管理员使用。"))
