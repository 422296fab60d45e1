"""What a need says, apart from its state: comparing it with what somebody sent, and writing the difference."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from apps.core import clock
from apps.core.errors import StateConflict
from apps.needs.models import Need, NeedIndicator

TEXTS = ("title", "background", "goal", "tried", "unwanted", "partner_requirements", "partner_region")
CHOICES = (
    "need_type",
    "industry_chain",
    "budget_band",
    "budget_wan",
    "valid_until",
    "expected_months",
    "trl_now",
    "trl_target",
    "ip_terms",
    "disclosure",
    "nda_required",
    "contact",
)
COLUMNS = TEXTS + CHOICES
TERM_LISTS = ("tech_fields", "tags", "cooperation_modes")
INDICATORS = "indicators"


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    """One row of 主要技术指标; `low` and `high` are numbers in `unit`."""

    name: str
    comparison: str
    low: float | None = None
    high: float | None = None
    unit: str = ""
    is_hard: bool = True
    current: str = ""


def indicator_values(need: Need) -> list[IndicatorValues]:
    names = IndicatorValues.__dataclass_fields__
    return [IndicatorValues(**{name: getattr(row, name) for name in names}) for row in need.indicators.all()]


def changed_names(
    need: Need, values: Mapping[str, Any], indicators: Sequence[IndicatorValues] | None
) -> tuple[str, ...]:
    """Names among `values` (a model field each; term lists as collections of terms) whose stored value differs."""
    changed = [name for name in COLUMNS if name in values and getattr(need, name) != values[name]]
    changed += [
        name for name in TERM_LISTS if name in values and set(_stored_ids(need, name)) != {t.pk for t in values[name]}
    ]
    if indicators is not None and indicator_values(need) != list(indicators):
        changed.append(INDICATORS)
    return tuple(changed)


def write(
    need: Need, values: Mapping[str, Any], indicators: Sequence[IndicatorValues] | None, *, names: Collection[str]
) -> None:
    """Write the named fields and raise the version. StateConflict when the row changed since `need` was read.

    Call inside a transaction.
    """
    columns = {name: values[name] for name in COLUMNS if name in names}
    columns |= {"version": need.version + 1, "updated_at": clock.now()}
    if not Need.objects.filter(pk=need.pk, version=need.version, state=need.state).update(**columns):
        raise StateConflict
    for name, value in columns.items():
        setattr(need, name, value)
    write_lists(need, values, indicators, names=names)


def write_lists(
    need: Need, values: Mapping[str, Any], indicators: Sequence[IndicatorValues] | None, *, names: Collection[str]
) -> None:
    """Write those of the named fields that live in tables of their own."""
    for name in TERM_LISTS:
        if name in names:
            getattr(need, name).set(values[name])
    if indicators is not None and INDICATORS in names:
        need.indicators.all().delete()
        NeedIndicator.objects.bulk_create(
            NeedIndicator(need=need, position=position, **asdict(row)) for position, row in enumerate(indicators)
        )
    need.__dict__.pop("_prefetched_objects_cache", None)  # it holds the lists as they were


def _stored_ids(need: Need, name: str) -> Collection[int]:
    return getattr(need, name).values_list("pk", flat=True)  # type: ignore[no-any-return]
