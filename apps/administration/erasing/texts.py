"""Words of a person in every text of the database: found first, in no transaction, then replaced in one."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from apps.accounts.models import User
from apps.core.models import AccessEntry, AuditEntry

LEFT_TO_OTHERS = (User, Session, ContentType, AuditEntry, AccessEntry)
"""The person's row and sessions are dealt with by themselves, and so is the trail (`trail.py`)."""
TEXTS = (models.CharField, models.TextField, models.JSONField)


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of a column in which one of the words stands."""

    model: type[models.Model]
    column: str
    keys: list[Any]


def find(words: Iterable[str]) -> list[Place]:
    """Where the words stand, in whatever case. Reads every text of the database: for rare use."""
    wanted = [word for word in words if word]
    places = [Place(model, column, _keys(model, column, wanted)) for model, column in columns()] if wanted else []
    return [place for place in places if place.keys]


def columns() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        if model in LEFT_TO_OTHERS or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, TEXTS) and not field.choices and not field.primary_key:
                yield model, field.name


def _keys(model: type[models.Model], column: str, words: list[str]) -> list[Any]:
    rows = model._default_manager.annotate(searched_text=Cast(column, models.TextField()))
    return list(rows.filter(standing_in("searched_text", words)).values_list("pk", flat=True))


def standing_in(column: str, words: Iterable[str]) -> Q:
    """JSON is kept as plain text by one database and with escapes by the other."""
    found = Q(pk__in=[])
    for word in words:
        found |= Q(**{f"{column}__icontains": word}) | Q(**{f"{column}__icontains": json.dumps(word)[1:-1]})
    return found


def replace(places: Iterable[Place], words: Mapping[str, str]) -> int:
    """Write each word's stand-in for it; how many rows. Inside the transaction of the erasure."""
    count = 0
    for place in places:
        rows = place.model._default_manager.select_for_update(no_key=True).filter(pk__in=place.keys)
        longest = getattr(place.model._meta.get_field(place.column), "max_length", None)
        for key, value in rows.values_list("pk", place.column):
            said = replaced(value, words)
            said = said[:longest] if isinstance(said, str) else said
            count += place.model._default_manager.filter(pk=key).update(**{place.column: said})
    return count


def replaced(value: Any, words: Mapping[str, str], *, whole: Mapping[str, str] | None = None) -> Any:
    """The value, a text or JSON, with the words replaced wherever they stand, `whole` where they are all there is."""
    if isinstance(value, str):
        return _in_text(value, words, whole or {})
    if isinstance(value, list):
        return [replaced(item, words, whole=whole) for item in value]
    if isinstance(value, dict):
        return {name: replaced(item, words, whole=whole) for name, item in value.items()}
    return value


def _in_text(text: str, words: Mapping[str, str], whole: Mapping[str, str]) -> str:
    if text in whole:
        return whole[text]
    for word, stand_in in words.items():
        text = re.sub(re.escape(word), lambda _found, said=stand_in: said, text, flags=re.IGNORECASE)  # type: ignore[misc]  # a lambda with a default
    return text
