"""The one rewriting of the audit trail there is: a person's own words go when the person is forgotten.

Entries stay, with their time, action, object and actor, who is a pseudonym by then; what goes are names, addresses of
e-mail and telephone numbers among the changes, and the network addresses that the person came from.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from apps.accounts.models import User
from apps.administration.erasing.texts import replaced, standing_in
from apps.core.models import AccessEntry, AuditEntry

ABOUT_PEOPLE = User._meta.label_lower


def trail_scrub(person: User, *, unique: Mapping[str, str], shared: Mapping[str, str]) -> int:
    """Replace the person's words; how many entries.

    `unique` words are nobody else's (an e-mail address) and go wherever they stand. `shared` ones (a name) others may
    bear: they go wherever they stand in entries by or about the person, and elsewhere where they are a whole value,
    but never in entries about another person.
    """
    return _scrub(AuditEntry, "changes", person, unique, shared) + _scrub(AccessEntry, "detail", person, unique, shared)


def _scrub(
    model: type[models.Model], column: str, person: User, unique: Mapping[str, str], shared: Mapping[str, str]
) -> int:
    rows: models.QuerySet[Any] = models.QuerySet(model)  # the model's own refuses to change anything
    own = Q(actor=person) | Q(actor=None, object_type=ABOUT_PEOPLE, object_id=person.pk)
    rows.filter(own).update(address=None)
    searched = rows.annotate(searched_text=Cast(column, models.TextField()))
    found = searched.filter(standing_in("searched_text", [*unique, *shared]))
    count = 0
    for entry in found.only("pk", "actor_id", "object_type", "object_id", column).iterator(chunk_size=500):
        said = _said(entry, getattr(entry, column), person, unique, shared)
        if said != getattr(entry, column):
            count += rows.filter(pk=entry.pk).update(**{column: said})
    return count


def _said(entry: Any, value: Any, person: User, unique: Mapping[str, str], shared: Mapping[str, str]) -> Any:
    is_about_person = entry.object_type == ABOUT_PEOPLE
    if entry.actor_id == person.pk and not is_about_person:
        return replaced(value, {**unique, **shared})
    if is_about_person:
        return replaced(value, {**unique, **shared} if entry.object_id == person.pk else unique)
    return replaced(value, unique, whole=shared)
