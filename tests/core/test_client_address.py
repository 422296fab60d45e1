"""Whose address counts: the visitor's, also behind proxies, and never one that they wrote themselves."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from apps.core.middleware import ClientAddressMiddleware


def seen_address(header: str | None) -> str:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")
    if header is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = header

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.META["REMOTE_ADDR"])

    return ClientAddressMiddleware(answer)(request).content.decode()


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.7", "10.0.0.1"),
        (0, None, "10.0.0.1"),
        (1, None, "10.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.9, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.9, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.1"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "not an address", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_visitors_address_is_the_one_the_outermost_proxy_heard_from(
    settings: Settings, proxies: int, header: str | None, address: str
) -> None:
    settings.NUM_PROXIES = proxies
    assert seen_address(header) == address
