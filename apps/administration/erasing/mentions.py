"""A person's name in texts: each place by itself, for an administrator to decide. Others may bear the name.

Before the request is carried out, for afterwards nobody knows the name any more. What must be kept as it was signed
(contracts, agreements, milestones, instalments, names of organisations and vocabularies) is shown and left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from apps.accounts.models import User
from apps.administration.erasing import texts

KEPT = (
    "accounts.organisation",
    "engagements.agreement",
    "engagements.contract",
    "engagements.contractcredit",
    "engagements.instalment",
    "engagements.milestone",
    "taxonomy.alias",
    "taxonomy.term",
)
MOST_SHOWN = 200
AROUND = 20


@dataclass(frozen=True, slots=True)
class Mention:
    """One text of one row. `place` names its column: "needs.need.title"."""

    place: str
    key: Any
    kind: str
    column: str
    excerpt: str
    is_kept: bool


def mentions_of(person: User) -> list[Mention]:
    """Where the name stands, at most MOST_SHOWN places."""
    found: list[Mention] = []
    for place in texts.find([person.name]):
        for mention in _of_place(place, person.name):
            if len(found) == MOST_SHOWN:
                return found
            found.append(mention)
    return found


def _of_place(place: texts.Place, name: str) -> Iterator[Mention]:
    label = place.model._meta.label_lower
    rows = place.model._default_manager.filter(pk__in=place.keys).order_by("pk")[:MOST_SHOWN]
    for key, said in rows.values_list("pk", place.column):
        yield Mention(
            place=f"{label}.{place.column}",
            key=key,
            kind=str(place.model._meta.verbose_name),
            column=str(getattr(place.model._meta.get_field(place.column), "verbose_name", place.column)),
            excerpt=_excerpt(said, name),
            is_kept=label in KEPT,
        )


def _excerpt(said: Any, name: str) -> str:
    text = said if isinstance(said, str) else str(said)
    at = max(text.lower().find(name.lower()), 0)
    start, end = max(at - AROUND, 0), at + len(name) + AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def place_of(said: str, key: str) -> texts.Place | None:
    """The place that a form names; None for one that is kept, or is none."""
    label, _dot, column = said.rpartition(".")
    if label in KEPT or (label, column) not in _known():
        return None
    model: type[models.Model] = apps.get_model(label)
    try:
        row = model._default_manager.filter(pk=key).values_list("pk", flat=True).first()
    except (ValueError, OverflowError):
        return None
    return texts.Place(model, column, [row]) if row is not None else None


def _known() -> set[tuple[str, str]]:
    return {(model._meta.label_lower, column) for model, column in texts.columns()}
