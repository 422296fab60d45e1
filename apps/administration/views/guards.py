"""Doors of the office: signed in, and allowed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from apps.accounts.selectors import Viewer
from apps.administration.permissions import can_administer, can_enter_office
from apps.core.decisions import Decision

type View = Callable[..., HttpResponseBase]


def _guarded(view: View, rule: Callable[[Viewer], Decision]) -> View:
    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponseBase:
        rule(request.user).require()
        return view(request, *arguments, **keywords)

    return guarded


def for_staff(view: View) -> View:
    """Reviewers and administrators."""
    return _guarded(view, can_enter_office)


def for_administrators(view: View) -> View:
    return _guarded(view, can_administer)
