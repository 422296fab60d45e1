"""A simulated city as rows of the database."""

from datetime import timedelta
from typing import Any

import numpy as np

from apps.accounts.models import OrganisationKind, User
from apps.capabilities.models import Capability, CapabilityKind, CapabilityState
from apps.core import clock
from apps.engine.matcher import ENGINE_VERSION
from apps.matching.learning.current import SIGNALS, current_ranker
from apps.matching.learning.feedback import Feedback, scores
from apps.matching.learning.levels import Level
from apps.matching.learning.training import weights_of
from apps.matching.models import Proposal, ProposalState, Side
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term
from tests.factories import make_organisation
from tests.matching.learning.simulated_city import SHOWN


def store(feedback: Feedback, by: User) -> None:
    """Needs, the same few capabilities for each, and every pair that the need's side was shown."""
    asker = make_organisation("青岛样例机械有限公司")
    supplier = make_organisation("青岛样例大学", OrganisationKind.UNIVERSITY)
    now = clock.now()
    needs = [
        Need(organisation=asker, state=NeedState.PUBLISHED, title=f"需求 {number}", published_at=now)
        for number in np.unique(feedback.needs)
    ]
    capabilities = [
        Capability(
            organisation=supplier,
            state=CapabilityState.PUBLISHED,
            kind=CapabilityKind.RESULT,
            title=f"成果 {number}",
            published_at=now,
        )
        for number in range(SHOWN)
    ]
    Need.objects.bulk_create(needs)
    Capability.objects.bulk_create(capabilities)
    Proposal.objects.bulk_create(_proposals(feedback, needs, capabilities, by), batch_size=200)


def _proposals(feedback: Feedback, needs: list[Need], capabilities: list[Capability], by: User) -> list[Proposal]:
    ranker, now = current_ranker(), clock.now()
    weights = weights_of(ranker)
    reason = Term.objects.get(vocabulary="decline_reason", code="field_mismatch")
    effective = feedback.presence * weights
    points = 100 * scores(feedback, weights)
    return [
        Proposal(
            need=needs[row // SHOWN],
            capability=capabilities[row % SHOWN],
            score=float(points[row]),
            rank=int(feedback.ranks[row]),
            parts=_parts(feedback.values[row], effective[row]),
            engine_version=ENGINE_VERSION,
            ranker=ranker,
            need_version=1,
            capability_version=1,
            proposed_at=now - timedelta(days=2),
            need_viewed_at=now - timedelta(days=1),
            need_viewed_rank=int(feedback.ranks[row]),
            **_answer(Level(feedback.levels[row]), by, reason),
        )
        for row in range(len(feedback))
    ]


def _parts(values: Any, effective: Any) -> list[dict[str, Any]]:
    shares = effective / effective.sum()
    return [
        {"name": name, "value": float(value), "weight": float(share), "contribution": float(100 * value * share)}
        for name, value, share in zip(SIGNALS, values, shares, strict=True)
    ]


def _answer(level: Level, by: User, reason: Term) -> dict[str, Any]:
    now = clock.now()
    if level == Level.INTERESTED:
        return {"state": ProposalState.INTERESTED, "need_accepted_at": now, "need_accepted_by": by}
    if level == Level.DECLINED:
        declined = {"declined_at": now, "declined_by": by, "declined_side": Side.NEED, "decline_reason": reason}
        return {"state": ProposalState.DECLINED, **declined}
    return {"state": ProposalState.VIEWED}
