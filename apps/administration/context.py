"""Template context: what stands at the top of every page."""

from typing import Any

from django.http import HttpRequest

from apps.administration.shown import banners_for
from apps.core.switches import is_on


def banners(request: HttpRequest) -> dict[str, Any]:
    """Lazily: fragments and pages without a header ask nothing."""
    if not hasattr(request, "user") or not hasattr(request, "session"):
        return {}
    return {"banners": lambda: banners_for(request), "is_demo_noticed": lambda: is_on("demo_notice")}
