"""Middleware: the address and the origin of a request, closed parts, and sentences instead of error pages."""

import secrets
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from apps.core.errors import DomainError, NotAllowed
from apps.core.kept_text import SESSION_KEY, keep_texts_and_sign_in
from apps.core.origin import Origin, current_origin
from apps.core.switches import SwitchedOff, closed_at

Handler = Callable[[HttpRequest], HttpResponse]


class ClientAddressMiddleware:
    """Makes REMOTE_ADDR the visitor's own address behind NUM_PROXIES proxies, each of which adds whom it heard from.

    Only the last entries of the header are theirs; what stands before them anybody may have written.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if address := _forwarded_for(request.META.get("HTTP_X_FORWARDED_FOR", ""), settings.NUM_PROXIES):
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


def _forwarded_for(header: str, proxies: int) -> str:
    """Empty where no proxy is in front, or the header does not look like theirs."""
    entries = [entry.strip() for entry in header.split(",")]
    if not 0 < proxies <= len(entries):
        return ""
    try:
        return str(ip_address(entries[-proxies]))
    except ValueError:
        return ""


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


class SignedOutMiddleware:
    """A form sent after the session ended: after signing in, the person is back on its page with what was typed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sign_in = f"{resolve_url(settings.LOGIN_URL)}?"
        if request.method != "POST" or not response.get("Location", "").startswith(sign_in):
            return response
        if SESSION_KEY in request.session:  # the page keeps its own
            return response
        return keep_texts_and_sign_in(request, _came_from(request))


class SwitchMiddleware:
    """Closes the addresses of a part that the city turned off: 404, with the part's sentence; programs read it too."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        match = request.resolver_match
        switch = closed_at(match.view_name) if match else None
        if switch is None:
            return None
        if match and match.app_names[:1] == ["api"]:
            body, plain = {"detail": str(switch.closed)}, {"ensure_ascii": False}
            return JsonResponse(body, status=404, json_dumps_params=plain)
        raise SwitchedOff(str(switch.closed))


def _came_from(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return referer
    return "/"
