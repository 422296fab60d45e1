"""The course of every engagement, planned before it is written: contract, delivery, what was confirmed, or its end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from apps.engagements.models import EndReason, EngagementState
from apps.engagements.services import NOT_ACHIEVED
from apps.stats.seed_city.days import Year, later, moment_of
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.pairs import Pair
from apps.stats.seed_city.sizes import YearFigures

CONTRACTED = 0.56
OUTCOMES_OF_A_CASE = 1.5
LAST_DELIVERY = (12, 8)
"""Month and day: later deliveries are confirmed in the year after."""
STILL_RUNNING_SINCE = date(2023, 10, 9)
ENDS = {
    EndReason.NO_AGREEMENT: 30,
    EndReason.COST: 22,
    EndReason.NO_RESPONSE: 16,
    EndReason.INDICATOR_MISSED: 12,
    EndReason.NEED_CHANGED: 9,
    EndReason.SOLVED_ELSEWHERE: 6,
    EndReason.TIME: 5,
}


@dataclass(frozen=True, slots=True)
class Success:
    """An outcome that both sides stand by; `code` is its type."""

    code: str
    reported_at: datetime
    confirmed_at: datetime


@dataclass(slots=True)
class Case:
    pair: Pair
    opened_at: datetime
    state: EngagementState = EngagementState.ENDED
    signed_on: date | None = None
    delivered_on: date | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    outcomes: list[Success] = field(default_factory=list)


def plan_cases(agreed: Sequence[Pair], lots: Lots) -> list[Case]:
    """A case for each pair; whether it comes to a contract, and how long everything takes, is drawn."""
    cases = []
    for pair in agreed:
        assert pair.accepted_at is not None  # noqa: S101  (for the type checker: both sides accepted)
        case = Case(pair, pair.accepted_at)
        if lots.chance(CONTRACTED):
            _sign(case, lots)
        else:
            _give_up(case, lots)
        cases.append(case)
    return cases


def _sign(case: Case, lots: Lots) -> None:
    case.state = EngagementState.DELIVERED
    case.signed_on = _day_after(timezone.localdate(case.opened_at), lots.randint(9, 60))
    case.delivered_on = _day_after(case.signed_on, lots.randint(25, 150))


def _give_up(case: Case, lots: Lots) -> None:
    if timezone.localdate(case.opened_at) >= STILL_RUNNING_SINCE and lots.chance(0.6):
        steps = (EngagementState.INTRODUCED, EngagementState.NEGOTIATING, EngagementState.SOLUTION)
        case.state = lots.choice(steps)
        return
    day = _day_after(timezone.localdate(case.opened_at), lots.randint(14, 130))
    case.ended_at, case.end_reason = moment_of(day, lots), lots.one_of(ENDS)


def plan_outcomes(cases: Sequence[Case], figures: YearFigures, year: Year, lots: Lots) -> None:
    """As many outcomes of each type as are to be confirmed in the year, over the cases delivered in it."""
    last = date(figures.year, *LAST_DELIVERY)
    codes = [code for code, number in figures.outcomes.items() for _number in range(number)]
    lots.shuffle(codes)
    wanted = max(1, round(len(codes) / OUTCOMES_OF_A_CASE))
    delivered = _delivered(cases, figures.year, last, lots)
    if len(delivered) < wanted:
        delivered += _hurried(cases, wanted - len(delivered), last, lots)
    for place, code in enumerate(codes):
        _confirm(delivered[place % len(delivered)], code, year, lots)
    spare = _delivered(cases, figures.year, last, lots) or delivered
    for place in range(figures.not_achieved):
        _confirm(spare[place % len(spare)], NOT_ACHIEVED, year, lots)


def _delivered(cases: Sequence[Case], year: int, last: date, lots: Lots) -> list[Case]:
    """Without an outcome yet, in any order."""
    first = date(year, 1, 1)
    found = [case for case in cases if case.delivered_on and first <= case.delivered_on <= last and not case.outcomes]
    return lots.sample(found, len(found))


def _hurried(cases: Sequence[Case], number: int, last: date, lots: Lots) -> list[Case]:
    """More of them: the earliest of the year that would have come later, or to nothing, were done in time."""
    open_to = datetime.combine(last - timedelta(days=30), datetime.min.time(), timezone.get_current_timezone())
    early = [case for case in cases if case.opened_at < open_to and not case.outcomes]
    waiting = [case for case in early if case.delivered_on is None or case.delivered_on > last]
    waiting.sort(key=lambda case: (case.delivered_on is None, case.opened_at))
    chosen = waiting[:number] or list(cases[:1])
    for case in chosen:
        opened = timezone.localdate(case.opened_at)
        days = max(2, (last - opened).days)
        case.state, case.ended_at, case.end_reason = EngagementState.DELIVERED, None, None
        case.signed_on = opened + timedelta(days=max(1, days // 3))
        case.delivered_on = min(last, opened + timedelta(days=lots.randint(max(2, days // 2), days)))
    return chosen


def _confirm(case: Case, code: str, year: Year, lots: Lots) -> None:
    assert case.delivered_on is not None  # noqa: S101  (for the type checker: only delivered cases are given)
    reported_at = moment_of(_day_after(case.delivered_on, lots.randint(1, 14)), lots)
    reported_at = min(reported_at, year.end - timedelta(hours=lots.randint(2, 30)))
    confirmed_at = later(reported_at, lots.expovariate(0.3), latest=year.end)
    case.outcomes.append(Success(code, reported_at, confirmed_at))


def _day_after(day: date, days: int) -> date:
    """A weekday, so many days later or the next one."""
    found = day + timedelta(days=days)
    return found + timedelta(days=max(0, 7 - found.weekday()) if found.weekday() >= 5 else 0)
