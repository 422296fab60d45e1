"""How each need stands today: solved, with a running case, given up, past its day, or still on the board."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from apps.core import clock
from apps.engagements.models import CLOSED_STATES
from apps.engagements.services import NOT_ACHIEVED
from apps.needs.models import NeedState
from apps.stats.seed_city.case_plans import Case
from apps.stats.seed_city.days import later
from apps.stats.seed_city.demand import Ending, Posting
from apps.stats.seed_city.lots import Lots

UNSOLVED = {NeedState.EXPIRED: 46, NeedState.CLOSED: 22, NeedState.UNMATCHED: 17, NeedState.PUBLISHED: 15}


def plan_endings(postings: Iterable[Posting], cases: Sequence[Case], lots: Lots) -> None:
    solved, running = set(), set()
    for case in cases:
        if any(outcome.code != NOT_ACHIEVED for outcome in case.outcomes):
            solved.add(id(case.pair.posting))
        elif case.state not in CLOSED_STATES:
            running.add(id(case.pair.posting))
    for posting in postings:
        if id(posting) in solved:
            posting.ending = _ended(posting, NeedState.SOLVED, lots)
        elif id(posting) in running:
            posting.ending = _living(NeedState.ENGAGED, lots)
        else:
            state = lots.one_of(UNSOLVED)
            posting.ending = _living(state, lots) if state == NeedState.PUBLISHED else _ended(posting, state, lots)


def _living(state: NeedState, lots: Lots) -> Ending:
    """Renewed again and again, lately too: its last day is counted from the day on which the city is made."""
    confirmed_at = clock.now() - timedelta(days=lots.randint(3, 60))
    return Ending(state, clock.today() + timedelta(days=lots.randint(60, 300)), confirmed_at)


def _ended(posting: Posting, state: NeedState, lots: Lots) -> Ending:
    last_day = posting.published_at.date() + timedelta(days=90 * lots.randint(1, 3))
    closed_at = None
    if state in (NeedState.CLOSED, NeedState.UNMATCHED):
        latest = posting.published_at + timedelta(days=85)
        closed_at = later(posting.published_at, lots.uniform(25, 80), latest=latest)
    return Ending(state, last_day, posting.published_at, closed_at)
