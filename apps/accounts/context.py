"""Template context: the organisation that the signed-in person acts for."""

from typing import Any

from django.http import HttpRequest

from apps.accounts.selectors import membership_of


def membership(request: HttpRequest) -> dict[str, Any]:
    found = membership_of(request.user) if hasattr(request, "user") else None
    return {"membership": found, "organisation": found.organisation if found else None}
