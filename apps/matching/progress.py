"""How far a request to match has come, for the person who waits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apps.core import clock
from apps.matching.models import MatchRequest, RequestState, Stage

PERCENT = {Stage.QUEUED: 8, Stage.READING: 30, Stage.RANKING: 60, Stage.SAVING: 90}
LONG_WAIT = timedelta(seconds=60)
QUICK_WAIT = timedelta(seconds=5)
"""A match is a matter of a second: as long as it may still be one, the page asks often enough not to add another."""

POLL_EVERY = {"fresh": "250ms", "early": "1s", "late": "3s"}


@dataclass(frozen=True, slots=True)
class Step:
    label: Any
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """`seen` names what the page shows, so that a question with the same answer need not be answered.

    `poll_every` is how often the page asks, in htmx's words; it slows down with the age of the request.
    """

    label: Any
    percent: int
    steps: tuple[Step, ...]
    is_late: bool
    seen: str
    poll_every: str


def progress_of(request: MatchRequest | None) -> Progress | None:
    """None once the request is finished, or where there is none."""
    if request is None or request.is_finished:
        return None
    stage = Stage.QUEUED if request.state == RequestState.PENDING else Stage(request.stage)
    age = _age_of(request)
    order = list(PERCENT)
    steps = tuple(Step(each.label, order.index(each) < order.index(stage), each == stage) for each in order)
    return Progress(stage.label, PERCENT[stage], steps, age == "late", f"{stage}-{age}", POLL_EVERY[age])


def _age_of(request: MatchRequest) -> str:
    waited = clock.now() - request.created_at
    if waited > LONG_WAIT:
        return "late"
    return "fresh" if waited <= QUICK_WAIT else "early"
