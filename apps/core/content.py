"""What a need or a capability says, apart from its state: comparing it with what somebody sent, and writing that.

One way for both sides of the market: columns, lists of vocabulary terms, and rows of indicators, under one version.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from apps.core import clock
from apps.core.errors import StateConflict

INDICATORS = "indicators"
BATCH_ROWS = 500


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

    def snapshot(self, row: Any, names: Collection[str]) -> dict[str, Any]:
        """What the named fields say now, as JSON that `restored` reads."""
        kept: dict[str, Any] = {name: _plain(row, name) for name in self.columns if name in names}
        kept |= {name: [term.pk for term in getattr(row, name).all()] for name in self.term_lists if name in names}
        if INDICATORS in names:
            kept[INDICATORS] = [asdict(values) for values in self.indicator_values(row)]
        return kept

    def restored(self, row: Any, kept: Mapping[str, Any]) -> tuple[dict[str, Any], list[IndicatorValues] | None]:
        """The values and the indicators of a snapshot, as `write` takes them; terms that are gone are left out."""
        values = {name: _unplain(row, name, kept[name]) for name in self.columns if name in kept}
        for name in self.term_lists:
            if name in kept:
                values[name] = list(getattr(row, name).model._default_manager.filter(pk__in=kept[name]))
        indicators = kept.get(INDICATORS)
        return values, None if indicators is None else [self.indicator(**item) for item in indicators]

    def create_all(
        self, rows: Sequence[Any], said: Sequence[tuple[Mapping[str, Any], Sequence[IndicatorValues] | None]]
    ) -> None:
        """Store new rows of one model with what is `said` of each in tables of its own: a few statements for all."""
        if not rows:
            return
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH_ROWS)
        for name in self.term_lists:
            through = getattr(type(rows[0]), name).through
            owner, term = (getattr(type(rows[0]), name).field.m2m_field_name(), "term_id")
            through._default_manager.bulk_create(
                [
                    through(**{f"{owner}_id": row.pk, term: found.pk})
                    for row, (values, _indicators) in zip(rows, said, strict=True)
                    for found in values.get(name, ())
                ],
                batch_size=BATCH_ROWS,
            )
        self._create_indicators(rows, [indicators or () for _values, indicators in said])

    def _create_indicators(self, rows: Sequence[Any], said: Sequence[Sequence[IndicatorValues]]) -> None:
        relation = type(rows[0])._meta.get_field(INDICATORS)
        model, owner = relation.related_model, relation.field.name
        model._default_manager.bulk_create(
            [
                model(**{owner: row}, position=position, **asdict(item))
                for row, items in zip(rows, said, strict=True)
                for position, item in enumerate(items)
            ],
            batch_size=BATCH_ROWS,
        )

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


def _plain(row: Any, name: str) -> Any:
    """A column's value as JSON: of a relation, the key."""
    field = row._meta.get_field(name)
    value = getattr(row, field.attname)
    return value if field.get_internal_type() == "JSONField" or value is None else field.value_to_string(row)


def _unplain(row: Any, name: str, kept: Any) -> Any:
    field = row._meta.get_field(name)
    if field.is_relation:
        return field.related_model._default_manager.filter(pk=kept).first() if kept is not None else None
    return kept if field.get_internal_type() == "JSONField" else field.to_python(kept)
