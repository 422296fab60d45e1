"""What to tell somebody whose form was overtaken: who saved meanwhile, and where the stored text differs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from apps.core.content import INDICATORS, Content, IndicatorValues
from apps.core.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Overtaken:
    """`differences` are (label of the field, what is stored)."""

    by_name: str
    at: datetime | None
    differences: list[tuple[str, str]]


def overtaken(
    row: Any, content: Content, values: Mapping[str, Any], indicators: Sequence[IndicatorValues] | None
) -> Overtaken:
    saved = AuditEntry.objects.filter(object_type=row._meta.label_lower, object_id=row.pk).select_related("actor")
    last = saved.first()
    names = content.changed_names(row, values, indicators)
    return Overtaken(
        by_name=str(last.actor) if last and last.actor else "",
        at=last.at if last else None,
        differences=[(_label(row, name), _stored_text(row, content, name)) for name in names],
    )


def _label(row: Any, name: str) -> str:
    if name == INDICATORS:
        return str(row.indicators.model._meta.verbose_name)
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def _stored_text(row: Any, content: Content, name: str) -> str:
    if name == INDICATORS:
        return _joined(row.indicators.all())
    if name in content.term_lists:
        return _joined(getattr(row, name).all())
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, dict):
        return _joined(item for item in value.values() if isinstance(item, str))
    return "" if value is None else str(value)


def _joined(rows: Iterable[Any]) -> str:
    return gettext("、").join(str(row) for row in rows)
