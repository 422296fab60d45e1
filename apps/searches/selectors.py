"""Queries about saved searches, starting from whose they are."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from apps.accounts.models import User
from apps.searches.lists import list_of
from apps.searches.models import SavedSearch


def searches_of(user: User) -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(owner=user)


def address_of(search: SavedSearch) -> str | None:
    """The list with this filter; None where there is no such list any more."""
    source = list_of(search.list_key)
    return filtered_address(source.url_name, search.params) if source else None


def filtered_address(url_name: str, params: Mapping[str, str]) -> str | None:
    try:
        return f"{reverse(url_name)}?{urlencode(params)}"
    except NoReverseMatch:
        return None
