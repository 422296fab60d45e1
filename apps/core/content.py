"""What a need or a capability says, apart from its state: comparing it with what somebody sent, and writing that.

One way for both sides of the market: columns, lists of vocabulary terms, and rows of indicators, under one version.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from apps.core import clock
from apps.core.errors import StateConflict

INDICATORS = "indicators"


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    """One technical indicator; `low` and `high` are numbers in `unit`, a bound not there is None."""

    name: str
    comparison: str
    low: float | None = None
    high: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Names of a model's fields that hold content. `indicator` is the type of its indicators' values.

    The model has `version`, `state`, `updated_at` and a reverse relation `indicators`.
    """

    columns: tuple[str, ...]
    term_lists: tuple[str, ...]
    indicator: type[IndicatorValues]

    def indicator_values(self, row: Any) -> list[IndicatorValues]:
        names = self.indicator.__dataclass_fields__
        return [self.indicator(**{name: getattr(item, name) for name in names}) for item in row.indicators.all()]

    def changed_names(
        self, row: Any, values: Mapping[str, Any], indicators: Sequence[IndicatorValues] | None
    ) -> tuple[str, ...]:
        """Names among `values` (a model field each; term lists as collections of terms) whose stored value differs."""
        changed = [name for name in self.columns if name in values and getattr(row, name) != values[name]]
        changed += [
            name
            for name in self.term_lists
            if name in values and {term.pk for term in getattr(row, name).all()} != {term.pk for term in values[name]}
        ]
        if indicators is not None and self.indicator_values(row) != list(indicators):
            changed.append(INDICATORS)
        return tuple(changed)

    def write(
        self,
        row: Any,
        values: Mapping[str, Any],
        indicators: Sequence[IndicatorValues] | None,
        *,
        names: Collection[str],
    ) -> None:
        """Write the named fields and raise the version. StateConflict when the row changed since it was read.

        Call inside a transaction.
        """
        columns = {name: values[name] for name in self.columns if name in names}
        columns |= {"version": row.version + 1, "updated_at": clock.now()}
        unchanged = type(row)._default_manager.filter(pk=row.pk, version=row.version, state=row.state)
        if not unchanged.update(**columns):
            raise StateConflict
        for name, value in columns.items():
            setattr(row, name, value)
        self.write_lists(row, values, indicators, names=names)

    def write_lists(
        self,
        row: Any,
        values: Mapping[str, Any],
        indicators: Sequence[IndicatorValues] | None,
        *,
        names: Collection[str],
    ) -> None:
        """Write those of the named fields that live in tables of their own."""
        for name in self.term_lists:
            if name in names:
                getattr(row, name).set(values[name])
        if indicators is not None and INDICATORS in names:
            row.indicators.all().delete()
            owner = {row.indicators.field.name: row}
            row.indicators.bulk_create(
                row.indicators.model(**owner, position=position, **asdict(item))
                for position, item in enumerate(indicators)
            )
        row.__dict__.pop("_prefetched_objects_cache", None)  # it holds the lists as they were
