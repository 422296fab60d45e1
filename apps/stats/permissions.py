"""Who may see the city's figures and the rows behind them."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Viewer, is_reviewer
from apps.core.decisions import ALLOWED, Decision, refused


def can_view_stats(user: Viewer) -> Decision:
    """Reviewers and administrators: the rows behind a figure name both sides, whatever they disclosed to others."""
    return ALLOWED if is_reviewer(user) else refused(_("统计数据仅供平台审核员和管理员查看。"))
