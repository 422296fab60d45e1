"""Middleware: the origin of a request, and sentences instead of error pages for domain errors."""

import secrets
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from apps.core.errors import DomainError, NotAllowed
from apps.core.origin import Origin, current_origin

Handler = Callable[[HttpRequest], HttpResponse]


class RequestOriginMiddleware:
    """Gives each request an id, answered in `X-Request-Id`, and keeps its address for the audit trail."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = Origin(address=request.META.get("REMOTE_ADDR") or None, request_id=secrets.token_hex(8))
        token = current_origin.set(origin)
        try:
            response = self.get_response(request)
        finally:
            current_origin.reset(token)
        response["X-Request-Id"] = origin.request_id
        return response


class DomainErrorMiddleware:
    """A refused action sends the person back to where they were, with the reason; a refusal of rights is a 403."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return render(request, "403.html", {"reason": exception.message}, status=403)
        if isinstance(exception, DomainError):
            messages.error(request, str(exception.message))
            return HttpResponseRedirect(_came_from(request))
        return None


def _came_from(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return referer
    return "/"
