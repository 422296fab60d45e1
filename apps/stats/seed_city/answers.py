"""Who looked at which recommendation and what they said: as many engagements a year as there are to be."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from apps.matching.models import ProposalState, Side
from apps.stats.seed_city.days import Year, later
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.pairs import Pair

WITHIN_A_WEEK, LATE = 0.86, 0.07
"""Shares of needs whose first reply comes within a week, and later; the others stay without."""
DECLINED, TIMED_OUT = 0.31, 0.12
SEEN_BY_NEED, SEEN_BY_SUPPLY = 0.84, 0.5
QUIET_DAYS = 41
"""Pairs of needs published in the last days of a year are seldom agreed within it."""


def plan_answers(pairs: Sequence[Pair], engagements: int, year: Year, lots: Lots) -> list[Pair]:
    """Answers every pair within the year; given back are those that both sides accepted."""
    agreed = _chosen(pairs, engagements, year, lots)
    keys = {id(pair) for pair in agreed}
    lists: dict[int, list[Pair]] = {}
    for pair in pairs:
        lists.setdefault(id(pair.posting), []).append(pair)
    for rows in lists.values():
        _answer_list(rows, keys, year.end, lots)
    return agreed


def _chosen(pairs: Sequence[Pair], number: int, year: Year, lots: Lots) -> list[Pair]:
    """The first of a list the likeliest (Efraimidis and Spirakis: the largest of u^(1/weight))."""
    quiet = year.end - timedelta(days=QUIET_DAYS)
    early = [pair for pair in pairs if pair.posting.published_at < quiet]
    drawn_from = early if len(early) >= number else pairs
    drawn = sorted(drawn_from, key=lambda pair: lots.random() ** (pair.rank**0.7), reverse=True)[:number]
    return sorted(drawn, key=lambda pair: (pair.posting.published_at, pair.rank))


def _answer_list(rows: list[Pair], agreed: set[int], latest: datetime, lots: Lots) -> None:
    posting = rows[0].posting
    has_agreed = any(id(pair) in agreed for pair in rows)
    lag = _reply_lag(lots, surely=has_agreed)
    replied_at = later(posting.published_at, lag, latest=latest) if lag is not None else None
    for pair in rows:
        _look(pair, latest, lots)
        if id(pair) in agreed:
            _agree(pair, replied_at or posting.published_at, latest, lots)
        else:
            _answer(pair, replied_at, latest, lots)
    if replied_at is not None:
        _reply_first(rows, replied_at)
        posting.first_replied_at = replied_at


def _reply_lag(lots: Lots, *, surely: bool) -> float | None:
    """Days from publication to the first reply of the supply side."""
    drawn = lots.random()
    if drawn < WITHIN_A_WEEK:
        return max(0.02, min(lots.lognormvariate(-0.1, 1.3), lots.uniform(4, 6)))
    return lots.uniform(7.6, 24) if surely or drawn < WITHIN_A_WEEK + LATE else None


def _look(pair: Pair, latest: datetime, lots: Lots) -> None:
    """At least one side does: that is what makes it a recommendation."""
    by_need = lots.chance(SEEN_BY_NEED)
    if by_need:
        pair.need_viewed_at = later(pair.proposed_at, lots.lognormvariate(-0.8, 1.0), latest=latest)
    if not by_need or lots.chance(SEEN_BY_SUPPLY):
        pair.capability_viewed_at = later(pair.proposed_at, lots.lognormvariate(0.2, 0.9), latest=latest)


def _agree(pair: Pair, replied_at: datetime, latest: datetime, lots: Lots) -> None:
    pair.state = ProposalState.ACCEPTED
    _accept(pair, Side.CAPABILITY, later(replied_at, lots.expovariate(0.6), latest=latest))
    _accept(pair, Side.NEED, later(pair.need_viewed_at or replied_at, lots.expovariate(0.5), latest=latest))


def _answer(pair: Pair, replied_at: datetime | None, latest: datetime, lots: Lots) -> None:
    """Where the supply side never replies, only the need's side does."""
    drawn = lots.random()
    if drawn >= DECLINED + TIMED_OUT:
        return
    side = Side.NEED if replied_at is None or lots.chance(0.6) else Side.CAPABILITY
    start = pair.need_viewed_at or pair.proposed_at if side == Side.NEED else replied_at or pair.proposed_at
    moment = later(start, lots.expovariate(0.4), latest=latest)
    if drawn < DECLINED:
        _decline(pair, side, moment)
        if lots.chance(0.25) and (side == Side.CAPABILITY or replied_at is not None):
            _accept_before(pair, side, moment, replied_at)
        return
    pair.state = ProposalState.TIMED_OUT
    _accept(pair, side, moment)


def _accept_before(pair: Pair, side: Side, moment: datetime, replied_at: datetime | None) -> None:
    """The other side had said yes: half way between the first moment it could and the refusal."""
    other = Side.CAPABILITY if side == Side.NEED else Side.NEED
    start = replied_at if other == Side.CAPABILITY else pair.proposed_at
    if start is not None and start < moment:
        _accept(pair, other, start + (moment - start) / 2)


def _reply_first(rows: list[Pair], replied_at: datetime) -> None:
    """The first answer of the supply side comes at that moment; if there is none, somebody declines."""
    answered = [pair for pair in rows if _supply_answer(pair)]
    if not answered:
        untouched = [pair for pair in rows if pair.state == ProposalState.VIEWED]
        if untouched:
            _decline(untouched[-1], Side.CAPABILITY, replied_at)
        return
    first = min(answered, key=lambda pair: _supply_answer(pair) or replied_at)
    if first.declined_side == Side.CAPABILITY and first.need_accepted_at is None:
        _decline(first, Side.CAPABILITY, replied_at)
    elif first.capability_accepted_at is not None:
        _accept(first, Side.CAPABILITY, replied_at)


def _supply_answer(pair: Pair) -> datetime | None:
    return pair.capability_accepted_at or (pair.declined_at if pair.declined_side == Side.CAPABILITY else None)


def _accept(pair: Pair, side: Side, moment: datetime) -> None:
    setattr(pair, f"{side.value}_accepted_at", moment)
    _seen(pair, side, moment)


def _decline(pair: Pair, side: Side, moment: datetime) -> None:
    pair.state, pair.declined_side, pair.declined_at = ProposalState.DECLINED, side, moment
    _seen(pair, side, moment)


def _seen(pair: Pair, side: Side, moment: datetime) -> None:
    """Whoever answers has looked."""
    column = f"{side.value}_viewed_at"
    seen_at = getattr(pair, column)
    setattr(pair, column, min(seen_at, moment) if seen_at else moment)
