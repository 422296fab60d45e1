"""How far a request to match has come, for the person who waits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apps.core import clock
from apps.matching.models import MatchRequest, RequestState, Stage

PERCENT = {Stage.QUEUED: 8, Stage.READING: 30, Stage.RANKING: 60, Stage.SAVING: 90}
LONG_WAIT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Step:
    label: Any
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """`seen` names what the page shows, so that a question with the same answer need not be answered."""

    label: Any
    percent: int
    steps: tuple[Step, ...]
    is_late: bool
    seen: str


def progress_of(request: MatchRequest | None) -> Progress | None:
    """None once the request is finished, or where there is none."""
    if request is None or request.is_finished:
        return None
    stage = Stage.QUEUED if request.state == RequestState.PENDING else Stage(request.stage)
    is_late = clock.now() - request.created_at > LONG_WAIT
    order = list(PERCENT)
    steps = tuple(Step(each.label, order.index(each) < order.index(stage), each == stage) for each in order)
    return Progress(stage.label, PERCENT[stage], steps, is_late, f"{stage}-{'late' if is_late else 'early'}")
