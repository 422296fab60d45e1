"""A small history of the city, made with chance: every figure has rows inside and outside of any period."""

import random
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.core import clock
from apps.engagements.models import Outcome, OutcomeState
from apps.matching.models import Proposal, ProposalState, Side
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_proposal

DAYS = 400


class Chance:
    """Moments of the last 400 days, also the first and the last of a day."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def moment(self) -> datetime:
        day = clock.today() - timedelta(days=self.random.randrange(DAYS))
        of_day = self.random.choice([time(), time(0, 0, 1), time(7, 59), time(8, 1), time(23, 59, 59)])
        return min(timezone.make_aware(datetime.combine(day, of_day)), clock.now())

    def maybe(self) -> datetime | None:
        return self.moment() if self.random.random() < 0.5 else None


@pytest.fixture
def city(taxonomy: None, administrator: Any) -> Chance:
    chance = Chance(20261122)
    types = list(Term.objects.filter(vocabulary="outcome_type"))
    reasons = list(Term.objects.filter(vocabulary="decline_reason"))
    for number in range(24):
        need = make_need(title=f"需求{number}", published_at=chance.moment())
        proposal = make_proposal(need=need, capability=make_capability(published_at=chance.moment()))
        if number % 3 == 0:
            history = {
                "state": ProposalState.DECLINED,
                "declined_at": chance.moment(),
                "declined_side": Side.NEED,
                "decline_reason": chance.random.choice(reasons),
                "need_viewed_at": chance.moment(),
                "capability_viewed_at": chance.maybe(),
                "capability_accepted_at": chance.maybe(),
            }
            Proposal.objects.filter(pk=proposal.pk).update(**history)
            continue
        if number % 3 == 1:
            Proposal.objects.filter(pk=proposal.pk).update(capability_viewed_at=chance.maybe())
            continue
        engagement = make_engagement(proposal=proposal, opened_at=chance.moment())
        yes = {"need_accepted_at": chance.moment(), "capability_accepted_at": chance.moment()}
        Proposal.objects.filter(pk=proposal.pk).update(need_viewed_at=chance.moment(), **yes)
        for state in OutcomeState.values:
            Outcome.objects.create(
                engagement=engagement,
                outcome_type=chance.random.choice(types),
                state=state,
                description="轧辊寿命提高。",
                occurred_on=clock.today(),
                reported_by=administrator,
                reported_side=Side.NEED,
                reported_at=chance.moment(),
                decided_by=None if state == OutcomeState.REPORTED else administrator,
                confirmed_at=chance.moment() if state == OutcomeState.CONFIRMED else None,
                rejection_reason="数据不对" if state == OutcomeState.REJECTED else "",
            )
    return chance
