"""A figure is the number of its rows; page, list and rows agree with a count made another way, row by row in Python."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.core import clock
from apps.stats.dashboard.distribution import OF_PLACES, distribution
from apps.stats.dashboard.months import by_month
from apps.stats.dashboard.numbers import Totals
from apps.stats.dashboard.overview import overview
from apps.stats.figures import FIGURES
from apps.stats.models import CountedRow, DayCount
from apps.stats.pages import rows_behind
from apps.stats.periods import PRESETS, Period, last_twelve_months, last_year, this_month, this_quarter, this_year
from apps.stats.questions import Question, Terms
from apps.stats.slices import Slice
from apps.taxonomy.models import Term
from tests.stats.conftest import DAYS, Chance
from tests.stats.counting import COUNTED, Census, Wanted

EVER = Period(date(2000, 1, 1), date(2100, 1, 1))


def some_period(chance: Chance) -> Period:
    first = clock.today() - timedelta(days=chance.random.randrange(DAYS))
    return Period(first, first + timedelta(days=chance.random.randrange(DAYS // 2)))


def some_question(chance: Chance, terms: Terms, period: Period | None = None) -> tuple[Question, Wanted]:
    """Any combination of the filters, each left out half the time; and the same for the independent count."""

    def maybe(term: Term) -> Term | None:
        return term if chance.random.random() < 0.5 else None

    period = period or chance.random.choice([EVER, some_period(chance), last_twelve_months(clock.today())])
    district, chain = maybe(chance.some("district")), maybe(chance.chain())
    tier = maybe(chance.some("enterprise_tier"))
    allowed = tuple(t.pk for t in chance.terms["district"][:2]) if chance.random.random() < 0.2 else None
    question = Question(period, terms, allowed=allowed, district=district, chain=chain, tier=tier)
    return question, Wanted(*period, question.districts, chain, tier)


def test_every_figure_has_an_independent_count() -> None:
    assert set(COUNTED) == set(FIGURES)


def test_pages_and_lists_equal_an_independent_count_for_every_combination_of_filters(city: Chance) -> None:
    terms, census = Terms(), Census()
    assert {key for key in FIGURES if not census.counted(key, Wanted(*EVER))} == set()
    for round_ in range(40):
        question, wanted = some_question(city, terms)
        earlier = Wanted(*question.before, wanted.districts, wanted.chain, wanted.tier)
        totals = Totals(question, tuple(FIGURES))
        for key in FIGURES:
            number = totals.number(key)
            expected = (census.value(key, wanted), census.value(key, earlier))
            assert (number.value, number.before) == expected, (key, question.query())
        if round_ < 4:
            check_lists(question, wanted, census)


def check_lists(question: Question, wanted: Wanted, census: Census) -> None:
    for key, figure in FIGURES.items():
        expected = census.counted(key, wanted)
        pages, amount = rows_behind(figure, question)
        listed = [row.pk for page in pages for row in page]
        assert (len(listed), set(listed)) == (len(expected), expected), (key, question.query())
        assert listed == [row.pk for row in figure.rows(question.period, question.narrowed)]
        assert amount == (census.money(key, wanted) if figure.amount else 0)


def test_breakdowns_equal_the_figure_of_each_of_their_terms(city: Chance) -> None:
    terms = Terms()
    for _ in range(3):
        question, _wanted = some_question(city, terms)
        found = distribution(question)
        for name, table in (("district", found.districts), ("chain", found.chains), ("tier", found.tiers)):
            for row in table.rows:
                for key, part in zip(OF_PLACES, row.cells, strict=True):
                    term = next(t for t in terms.by_pk.values() if str(t) == row.label and t.code in part.url)
                    narrowed: dict[str, Any] = {
                        "chain": question.chain,
                        "tier": question.tier,
                        "district": question.district,
                    }
                    narrowed[name] = term
                    alone = Question(question.period, terms, allowed=question.allowed, **narrowed)
                    assert part.number == Totals(alone, (key,)).number(key).value, (key, row.label)


def test_parts_and_months_add_up_to_their_figure(city: Chance) -> None:
    terms, census = Terms(), Census()
    for period in [EVER, last_twelve_months(clock.today()), *(some_period(city) for _ in range(8))]:
        question, wanted = some_question(city, terms, period)
        parted = ("outcomes", "declines", "contracts", "contract_yuan")
        totals = Totals(question, parted)
        for key in parted:
            assert sum(part.number for part in totals.parts(key)) == totals.number(key).value
        axis = by_month(question, ("outcomes", "contract_yuan"))
        for key in ("outcomes", "contract_yuan"):
            assert sum(axis.values[key]) == census.value(key, wanted)
        assert len(axis.stretches) <= 24


def test_a_month_counts_its_own_rows_and_people_theirs(city: Chance) -> None:
    census = Census()
    question = Question(last_twelve_months(clock.today()), Terms())
    parts = by_month(question, ("outcomes",)).parts("outcomes")
    for month, part in zip(question.period.months(), parts, strict=True):
        assert (part.label, part.number) == (f"{month.first:%Y-%m}", len(census.counted("outcomes", Wanted(*month))))
    found = distribution(Question(EVER, Terms()))
    assert sum(row.cells[2].number for row in found.institutions.rows) == len(census.counted("outcomes", Wanted(*EVER)))
    assert [row.label for row in found.brokers.rows] == ["吴经纪"]
    opened = FIGURES["engagements"].rows(EVER).filter(broker__isnull=False).count()
    assert found.brokers.rows[0].cells[0].number == opened > 0


def test_the_share_answered_within_a_week_leaves_out_those_that_had_no_week(city: Chance) -> None:
    found = overview(Question(EVER, Terms())).response
    rows = list(FIGURES["needs"].rows(EVER))
    week = timedelta(days=7)
    due = [n for n in rows if n.first_replied_at or timezone.now() - n.published_at >= week]
    quick = [n for n in rows if n.first_replied_at and n.first_replied_at - n.published_at <= week]
    assert (found.due, found.in_week) == (len(due), len(quick))
    assert found.in_week == len(Census().counted("answered_in_week", Wanted(*EVER)))
    assert found.share_in_week == round(100 * len(quick) / len(due), 1)


def test_a_rebuild_finds_what_was_there(city: Chance) -> None:
    def kept() -> tuple[set[Any], set[Any]]:
        rows = CountedRow.objects.values_list("figure", "object_id", "day", "chains", "tiers", "amount_fen")
        return set(rows), set(DayCount.objects.values_list())

    before = kept()
    DayCount.objects.filter(figure="needs").update(number=999)
    CountedRow.objects.filter(figure="outcomes").delete()
    call_command("rebuild_figures", verbosity=0)
    assert kept() == before


def test_an_organisation_in_two_tiers_counts_in_each_and_once_in_all(city: Chance) -> None:
    first, second = city.terms["enterprise_tier"][-2:]
    terms, question = Terms(), Question(EVER, Terms())
    before = Totals(question, ("registered",)).number("registered").value
    made = city.organisation("青岛两梯机械有限公司", "enterprise")  # type: ignore[arg-type]  # the value of the choice
    made.tiers.set([first, second])
    call_command("rebuild_figures", verbosity=0)
    for tier, expected in ((None, before + 1), (first, 1), (second, 1)):
        narrowed = Question(EVER, terms, tier=tier)
        assert Totals(narrowed, ("registered",)).number("registered").value == expected


def test_the_usual_periods_end_today_or_with_last_year() -> None:
    day = date(2026, 11, 22)
    assert this_month(day) == (date(2026, 11, 1), day)
    assert this_quarter(day) == (date(2026, 10, 1), day)
    assert this_year(day) == (date(2026, 1, 1), day)
    assert last_twelve_months(day) == (date(2025, 12, 1), day)
    assert last_year(day) == (date(2025, 1, 1), date(2025, 12, 31))
    assert len(PRESETS) == 5


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (("2022-01-01", "2022-12-31"), ("2021-01-01", "2021-12-31")),
        (("2026-11-01", "2026-11-22"), ("2026-10-01", "2026-10-22")),
        (("2025-12-01", "2026-11-22"), ("2024-12-01", "2025-11-22")),
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2026-03-01", "2026-03-30"), ("2026-02-01", "2026-02-28")),
        (("2024-02-01", "2024-02-29"), ("2024-01-01", "2024-01-31")),
        (("2026-05-10", "2026-05-19"), ("2026-04-30", "2026-05-09")),
    ],
)
def test_a_period_is_compared_with_the_one_before_it(period: tuple[str, str], before: tuple[str, str]) -> None:
    first, last = map(date.fromisoformat, period)
    assert Period(first, last).before() == tuple(map(date.fromisoformat, before))


def test_a_period_is_cut_into_its_months() -> None:
    months = list(Period(date(2026, 1, 31), date(2026, 3, 2)).months())
    assert [tuple(month) for month in months] == [
        (date(2026, 1, 31), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 2)),
    ]


def test_a_slice_of_nothing_is_everything() -> None:
    assert Slice().of_counts() == {"district_id__in": (0,), "chain_id": 0, "tier_id": 0, "part_id": 0}
