"""How often a link may be opened from one address: a second fence, as no signature can be guessed."""

from typing import Any, cast

from django.http import HttpRequest
from rest_framework.request import Request

from apps.core.api.throttling import UserThrottle

OPENED_A_MINUTE = 60


class LinkThrottle(UserThrottle):
    scope = "followup_link"
    rate = f"{OPENED_A_MINUTE}/min"


def is_opened_too_often(request: HttpRequest) -> bool:
    """Never while the cache does not answer."""
    return not LinkThrottle().allow_request(Request(request), cast("Any", None))
