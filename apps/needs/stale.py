"""What to tell somebody whose form was overtaken: who saved meanwhile, and where the stored text differs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.core.models import AuditEntry
from apps.needs.content import INDICATORS, TERM_LISTS, IndicatorValues, changed_names
from apps.needs.models import Need


@dataclass(frozen=True, slots=True)
class Overtaken:
    """`differences` are (label of the field, what is stored)."""

    by_name: str
    at: datetime | None
    differences: list[tuple[str, str]]


def overtaken(need: Need, values: Mapping[str, Any], indicators: Sequence[IndicatorValues] | None) -> Overtaken:
    saved = AuditEntry.objects.filter(object_type=need._meta.label_lower, object_id=need.pk).select_related("actor")
    last = saved.first()
    names = changed_names(need, values, indicators)
    return Overtaken(
        by_name=str(last.actor) if last and last.actor else "",
        at=last.at if last else None,
        differences=[(_label(need, name), _stored_text(need, name)) for name in names],
    )


def _label(need: Need, name: str) -> str:
    if name == INDICATORS:
        return str(need.indicators.model._meta.verbose_name)
    return str(getattr(need._meta.get_field(name), "verbose_name", name))


def _stored_text(need: Need, name: str) -> str:
    if name == INDICATORS:
        return _joined(need.indicators.all())
    if name in TERM_LISTS:
        return _joined(getattr(need, name).all())
    display = getattr(need, f"get_{name}_display", None)
    value = display() if display else getattr(need, name)
    return "" if value is None else str(value)


def _joined(rows: Iterable[Any]) -> str:
    return "、".join(str(row) for row in rows)
