"""The button beside a list's filter that keeps it, and the chips of those that were kept."""

from typing import Any

from django import template
from django.template.context import RequestContext

from apps.accounts.models import User
from apps.core.switches import is_on
from apps.searches.lists import list_of, read
from apps.searches.models import LONGEST_NAME
from apps.searches.selectors import filtered_address, searches_of
from apps.searches.services.keeping import digest_of
from apps.searches.switches import SEARCHES

register = template.Library()


@register.inclusion_tag("searches/_keep.html", takes_context=True)
def keep_filter(context: RequestContext, key: str) -> dict[str, Any]:
    """Chips of what the person saved of this list, and the button where the present filter is not among them."""
    request, source = context["request"], list_of(key)
    user = request.user
    if source is None or not isinstance(user, User) or not is_on(SEARCHES):
        return {"is_shown": False}
    kept = list(searches_of(user).filter(list_key=key))
    reading = read(source, request.GET.dict(), user)
    digest = digest_of(key, reading.params) if reading.params else ""
    chips = [
        (search, filtered_address(source.url_name, search.params), search.digest == digest) for search in reversed(kept)
    ]
    return {
        "is_shown": True,
        "chips": chips,
        "may_save": bool(reading.params) and not reading.wrong and all(row.digest != digest for row in kept),
        "key": key,
        "query": request.GET.urlencode(),
        "suggested": " · ".join(reading.words)[:LONGEST_NAME],
        "longest": LONGEST_NAME,
        "csrf_token": context.get("csrf_token"),
    }
