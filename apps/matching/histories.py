"""Matching a need at an earlier time, for loaders that write a history (`clock.at`)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from apps.core import clock
from apps.engine.matcher import ENGINE_VERSION
from apps.matching.models import MatchRequest, Proposal, RequestState, Stage
from apps.matching.runs import match_need
from apps.needs.models import Need


@dataclass(frozen=True, slots=True)
class _HoldOfThePast:
    """Ends the need's requests together with its list, whoever holds them: a worker that is at it finds its lease lost.

    `moment` is when it was.
    """

    need_id: int
    moment: datetime

    def report(self, stage: Stage) -> None:
        """Nobody waits for it."""

    def finish(self, proposals_count: int) -> bool:
        unfinished = MatchRequest.objects.filter(
            need=self.need_id, state__in=(RequestState.PENDING, RequestState.RUNNING)
        )
        unfinished.update(
            state=RequestState.DONE,
            stage=Stage.FINISHED,
            attempt=F("attempt") + 1,
            started_at=self.moment,
            finished_at=self.moment,
            lease_until=None,
            proposals_count=proposals_count,
            engine_version=ENGINE_VERSION,
        )
        return True


def match_as_of_now(need: Need) -> None:
    """Write the list of a need that has none, dated by the platform's clock, in this process.

    A list that a worker wrote meanwhile is kept, and dated back. Raises Superseded where the need left the board.
    Holds no transaction while it encodes and ranks.
    """
    moment = clock.now()
    if not need.proposals.exists():
        match_need(need.pk, _HoldOfThePast(need.pk, moment))
    Proposal.objects.filter(need=need, proposed_at__gt=moment).update(proposed_at=moment)
