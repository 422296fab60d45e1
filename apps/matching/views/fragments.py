"""What the pages and their htmx fragments share: who may ask, and what is asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from apps.accounts.models import User


def wants_fragment(request: HttpRequest) -> bool:
    """Asked by htmx for a piece of a page."""
    return request.headers.get("HX-Request") == "true"


def person(request: HttpRequest) -> User:
    """Who is signed in; only for views behind `signed_in`."""
    return cast("User", request.user)


def signed_in[**P](view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """As login_required; but a fragment gets 401: the sign-in page must not appear inside another page."""

    @wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if wants_fragment(request) and not request.user.is_authenticated:
            return HttpResponse(status=401)
        guarded: Callable[..., Any] = login_required(view)
        return cast("HttpResponse", guarded(request, *args, **kwargs))

    return checked
