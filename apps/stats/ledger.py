"""Keeping CountedRow true: what figures count among some rows is read again, and the days that differ are marked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability
from apps.stats.figures import FIGURES, Figure
from apps.stats.models import CountedRow, DirtyDay
from apps.stats.periods import midnight
from apps.taxonomy.models import Term, Vocabulary

CHUNK = 2_000
COLUMNS = ("at", "day", "amount_fen", "district_id", "chains", "tiers", "part_id", "partner_id", "broker_id")

type Values = tuple[Any, ...]


def figures_of(model: type[models.Model]) -> list[Figure]:
    return [figure for figure in FIGURES.values() if figure.counted().model is model]


def parents_of_chains() -> dict[int, int | None]:
    return dict(Term.objects.filter(vocabulary=Vocabulary.INDUSTRY_CHAIN).values_list("pk", "parent_id"))


def read_again(model: type[models.Model], pks: Iterable[int], parents: dict[int, int | None]) -> int:
    """Bring the counted rows of these rows of `model` up to date. Returns how many of them changed."""
    return sum(_write(figure, chunk, parents) for chunk in _chunks(sorted(set(pks))) for figure in figures_of(model))


def read_again_between(
    model: type[models.Model],
    low: int,
    high: int,
    parents: dict[int, int | None],
    marked: set[tuple[str, date]] | None = None,
) -> int:
    """The same for all keys from `low` up to but without `high`, rows that are gone included.

    `marked` are days that are marked already and stay so, as while one process reads everything: each is written once.
    """
    changed = 0
    for figure in figures_of(model):
        there = CountedRow.objects.filter(figure=figure.key, object_id__gte=low, object_id__lt=high)
        known = set(there.values_list("object_id", flat=True))
        known.update(model._default_manager.filter(pk__gte=low, pk__lt=high).values_list("pk", flat=True))
        changed += sum(_write(figure, chunk, parents, marked) for chunk in _chunks(sorted(known)))
    return changed


def _write(
    figure: Figure,
    pks: Sequence[int],
    parents: dict[int, int | None],
    marked: set[tuple[str, date]] | None = None,
) -> int:
    marked = set() if marked is None else marked
    with transaction.atomic():
        changed, days = _replace(figure, pks, parents)
        fresh = {(figure.key, day) for day in days} - marked
        mark_dirty(figure.key, [day for _key, day in fresh])
    marked |= fresh
    return changed


def _replace(figure: Figure, pks: Sequence[int], parents: dict[int, int | None]) -> tuple[int, set[date]]:
    """How many of these rows were stored otherwise, and the days they lie or lay on."""
    stored = CountedRow.objects.filter(figure=figure.key, object_id__in=pks)
    before = {row[0]: row[1:] for row in stored.values_list("object_id", *COLUMNS)}
    after = _counted(figure, pks, parents)
    changed = [pk for pk in pks if before.get(pk) != after.get(pk)]
    if known := [pk for pk in changed if pk in before]:
        CountedRow.objects.filter(figure=figure.key, object_id__in=known).delete()
    CountedRow.objects.bulk_create(
        [
            CountedRow(figure=figure.key, object_id=pk, **dict(zip(COLUMNS, after[pk], strict=True)))
            for pk in changed
            if pk in after
        ]
    )
    return len(changed), {values[1] for pk in changed for values in (before.get(pk), after.get(pk)) if values}


def mark_dirty(figure: str, days: Iterable[date]) -> None:
    DirtyDay.objects.bulk_create([DirtyDay(figure=figure, day=day) for day in sorted(days)], ignore_conflicts=True)


def _counted(figure: Figure, pks: Sequence[int], parents: dict[int, int | None]) -> dict[int, Values]:
    paths = figure.paths
    wanted = [
        "pk",
        figure.moment,
        figure.amount or "pk",
        paths.organisation,
        paths.of_organisation("district"),
        "pk" if paths.chain == "industries" else paths.chain,
        paths.part or "pk",
        paths.partner or "pk",
        paths.broker or "pk",
    ]
    rows = figure.counted().filter(pk__in=pks).order_by()
    rows = rows.select_related(None).annotate(**{f"c{place}": F(path) for place, path in enumerate(wanted)})
    found = list(rows.values_list(*(f"c{place}" for place in range(len(wanted)))))
    tiers = _terms_of(Organisation.tiers.through, "organisation_id", {row[3] for row in found})
    chains = _terms_of(Capability.industries.through, "capability_id", pks) if paths.chain == "industries" else {}
    counted = {}
    for pk, moment, amount, organisation, district, chain, part, partner, broker in found:
        named = chains.get(pk, []) if paths.chain == "industries" else [chain] if chain else []
        counted[pk] = (
            *_moment_and_day(moment),
            int(Decimal(amount) * 100) if figure.amount else 0,
            district or 0,
            _listed({*named, *(parents.get(term) or 0 for term in named)}),
            _listed(tiers.get(organisation, [])),
            (part or 0) if paths.part else 0,
            (partner or 0) if paths.partner else 0,
            (broker or 0) if paths.broker else 0,
        )
    return counted


def _terms_of(through: Any, column: str, keys: Iterable[int]) -> dict[int, list[int]]:
    found = defaultdict(list)
    for key, term in through.objects.filter(**{f"{column}__in": list(keys)}).values_list(column, "term_id"):
        found[key].append(term)
    return found


def _moment_and_day(moment: date | datetime) -> tuple[datetime, date]:
    if isinstance(moment, datetime):
        return moment, timezone.localtime(moment).date()
    return midnight(moment), moment


def _listed(terms: Iterable[int]) -> str:
    return f",{''.join(f'{term},' for term in sorted(terms) if term)}"


def _chunks(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(pks), CHUNK):
        yield pks[start : start + CHUNK]
