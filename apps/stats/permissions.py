"""Who may see the city's figures and the rows behind them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Viewer, is_reviewer
from apps.core.decisions import ALLOWED, Decision, refused

type View = Callable[..., HttpResponseBase]


def can_view_stats(user: Viewer) -> Decision:
    """Reviewers and administrators: the rows behind a figure name both sides, whatever they disclosed to others."""
    return ALLOWED if is_reviewer(user) else refused(_("统计数据仅供平台审核员和管理员查看。"))


def for_officials(view: View) -> View:
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponseBase:
        can_view_stats(request.user).require()
        return view(request, *arguments, **keywords)

    return guarded
