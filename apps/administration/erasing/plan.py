"""What happens to each row that belongs to a person: read from the relations, so that no table is forgotten.

A row that would be deleted with its user (CASCADE) is the person's own and is erased. A row that protects its user
(PROTECT) is the city's or an organisation's: it stays, and its author becomes a pseudonym.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.models import Membership, User
from apps.administration.erasing import texts
from apps.core.counting import counts_of


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Plan:
    erased: list[Item]
    kept: list[Item]
    mentions: list[Item]
    """Texts that others and the person wrote in which the name stands; they are left to those they belong to."""


def plan_for(person: User, *, with_mentions: bool = True) -> Plan:
    own: dict[type[models.Model], Q] = {}
    others: dict[type[models.Model], Q] = {}
    for field in user_columns():
        columns = own if is_own(field) else others
        columns[field.model] = columns.get(field.model, Q()) | Q(**{field.name: person})
    erased, kept = _counted(own), _counted(others)
    found = texts.find([person.name]) if with_mentions else []
    return Plan(erased, kept, [Item(_place(place), len(place.keys)) for place in found])


def _counted(columns: dict[type[models.Model], Q]) -> list[Item]:
    """Rows that name the person in whichever column, each once; all tables are counted by one query."""
    counts = counts_of(**{model._meta.label: model._default_manager.filter(named) for model, named in columns.items()})
    return [Item(_label(model), count) for model in columns if (count := counts[model._meta.label])]


def user_columns() -> Iterator[models.ForeignKey[Any, Any]]:
    """Every column of every table that refers to a person, tables between many and many included."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, (models.ManyToOneRel, models.OneToOneRel)):
            yield relation.field


def is_own(field: models.ForeignKey[Any, Any]) -> bool:
    """Deleted with the person; but whose organisation it was stays known where they were its last member."""
    return field.remote_field.on_delete is models.CASCADE and field.model is not Membership


def _label(model: type[models.Model]) -> str:
    return _("负责区域与权限设置") if model._meta.auto_created else str(model._meta.verbose_name_plural)


def _place(place: texts.Place) -> str:
    column = place.model._meta.get_field(place.column)
    return _("%(rows)s（%(role)s）") % {
        "rows": place.model._meta.verbose_name_plural,
        "role": getattr(column, "verbose_name", place.column),
    }
