"""The lists whose filters can be kept: each app above registers its own, in its module `saved_lists`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.db.models import QuerySet

from apps.accounts.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# What a page carries beside its filter.
NOT_FILTERS = frozenset({"page", "sort", "view", "step"})
LONGEST_VALUE = 200


class News(NamedTuple):
    """What counts as new: published after `published_after`, and changed (or published) since `changed_since`."""

    published_after: datetime
    changed_since: datetime


type Found = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class SearchableList:
    """`form` reads a filter for a person; `found` gives the rows that they may see now, that fit, and that are new.

    `fitting_for_all` gives at least every row that `found` could give anybody, for one look on behalf of everybody
    with the same filter; None where the rows depend on who asks. `page` is the URL name of the page of one row, by its
    `public_id`. A title says nothing that not everybody who sees the row may know.
    """

    key: str
    label: "str | _StrPromise"
    url_name: str
    form: Callable[[Mapping[str, str], User], forms.Form]
    found: Callable[[User, dict[str, Any], News], Found]
    fitting_for_all: Callable[[dict[str, Any], News], Found] | None
    page: str
    title: Callable[[Any], str] = str


class Reading(NamedTuple):
    """A filter as its form understood it. `wrong` names the fields whose values are not on offer any more."""

    params: dict[str, str]
    chosen: dict[str, Any]
    words: list[str]
    wrong: list[str]


_lists: dict[str, SearchableList] = {}


def register_list(source: SearchableList) -> None:
    """ValueError for a key that another list has."""
    if _lists.setdefault(source.key, source) != source:
        raise ValueError(f"The list {source.key} is registered twice.")


def searchable_lists() -> list[SearchableList]:
    return list(_lists.values())


def list_of(key: str) -> SearchableList | None:
    """None for a list that a later version no longer has."""
    return _lists.get(key)


def read(source: SearchableList, given: Mapping[str, str], user: User) -> Reading:
    """What the list's own form makes of the values; those that say nothing are left out."""
    form = source.form(given, user)
    form.is_valid()
    params = {name: str(given[name])[:LONGEST_VALUE] for name in form.fields if _says(name, given)}
    chosen = {name: value for name, value in form.cleaned_data.items() if name in params and value not in (None, "")}
    words = [_in_words(form, name, value) for name, value in chosen.items()]
    wrong = [str(form.fields[name].label) for name in form.errors if name in params]
    return Reading(params, chosen, words, wrong)


def _says(name: str, given: Mapping[str, str]) -> bool:
    return name not in NOT_FILTERS and bool(str(given.get(name, "")).strip())


def _in_words(form: forms.Form, name: str, value: Any) -> str:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]  # flat pairs in all filters
    return f"“{value}”" if isinstance(field, forms.CharField) else str(value)
