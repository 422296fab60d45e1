"""For each endpoint a scene in which somebody at least is allowed: the rows that are there, and a body that is right.

The pair is a need of the cast's enterprise (the SME owner and her colleague) and a capability of the professor's
university; the broker, the reviewer and the administrator work for the platform, the stranger for another enterprise.
"""

from collections.abc import Callable
from typing import Any

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.engagements.models import Engagement, Outcome, OutcomeState
from apps.matching.models import Proposal, ProposalState
from apps.needs.models import Need, NeedState
from apps.notifications.models import Notification
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_notification, make_proposal


class World:
    """The organisations and people a scene is played among."""

    def __init__(self, enterprise: Organisation, university: Organisation, sme_owner: User, professor: User) -> None:
        self.enterprise, self.university = enterprise, university
        self.sme_owner, self.professor = sme_owner, professor

    def need(self, **fields: Any) -> Need:
        return make_need(**{"organisation": self.enterprise, "contact": self.sme_owner, **fields})

    def capability(self, **fields: Any) -> Capability:
        return make_capability(**{"organisation": self.university, "contact": self.professor, **fields})

    def proposal(self, **fields: Any) -> Proposal:
        return make_proposal(need=self.need(), capability=self.capability(), **fields)

    def interested(self) -> Proposal:
        """The enterprise has said yes."""
        return self.proposal(
            state=ProposalState.INTERESTED, need_accepted_at=clock.now(), need_accepted_by=self.sme_owner
        )

    def engagement(self) -> Engagement:
        proposal = self.proposal()
        Need.objects.filter(pk=proposal.need_id).update(state=NeedState.ENGAGED)
        return make_engagement(proposal=proposal)

    def notification(self) -> Notification:
        """The owner of the enterprise was told."""
        return make_notification(recipient=self.sme_owner, organisation=self.enterprise)

    def outcome(self) -> Outcome:
        """The enterprise has reported it."""
        return Outcome.objects.create(
            engagement=self.engagement(),
            outcome_type=term("outcome_type", "process_change"),
            state=OutcomeState.REPORTED,
            description="新涂层上线，轧辊寿命提高一倍。",
            occurred_on=clock.today(),
            reported_by=self.sme_owner,
            reported_side="need",
            reported_at=clock.now(),
        )


class Scene:
    """A row named in the URL (None for lists), and the body that is sent."""

    def __init__(self, row: Any = None, body: dict[str, Any] | None = None) -> None:
        self.row, self.body = row, body

    @property
    def kwargs(self) -> dict[str, str]:
        return {"public_id": self.row.public_id} if self.row is not None else {}


def term(vocabulary: str, code: str) -> Term:
    return Term.objects.get(vocabulary=vocabulary, code=code)


OUTCOME: dict[str, Any] = {"outcome_type": "process_change", "description": "轧辊寿命提高一倍。"}

# (name of the URL, method) → the scene
SCENES: dict[tuple[str, str], Callable[[World], Scene]] = {
    ("term-list", "GET"): lambda world: Scene(),
    ("token", "POST"): lambda world: Scene(body={"email": world.sme_owner.email, "password": "correct-horse-2026"}),
    ("token", "DELETE"): lambda world: Scene(),
    ("organisation-list", "GET"): lambda world: Scene(),
    ("organisation-detail", "GET"): lambda world: Scene(world.enterprise),
    ("organisation-own", "GET"): lambda world: Scene(),
    ("organisation-own", "PATCH"): lambda world: Scene(body={"description": "精密加工。"}),
    ("need-list", "GET"): lambda world: Scene(world.need() and None),
    ("need-list", "POST"): lambda world: Scene(body={"title": "轧辊耐磨涂层"}),
    ("need-detail", "GET"): lambda world: Scene(world.need(state=NeedState.DRAFT)),
    ("need-detail", "PATCH"): lambda world: Scene(world.need(), {"version": 1, "title": "轧辊耐磨涂层"}),
    ("need-publish", "POST"): lambda world: Scene(world.need(state=NeedState.RETURNED, published_at=None)),
    ("need-recall", "POST"): lambda world: Scene(world.need(state=NeedState.SUBMITTED)),
    ("need-close", "POST"): lambda world: Scene(world.need()),
    ("need-reopen", "POST"): lambda world: Scene(world.need(state=NeedState.CLOSED)),
    ("need-renew", "POST"): lambda world: Scene(world.need()),
    ("need-solve", "POST"): lambda world: Scene(world.need(state=NeedState.ENGAGED)),
    ("capability-list", "GET"): lambda world: Scene(world.capability() and None),
    ("capability-list", "POST"): lambda world: Scene(body={"kind": "result", "title": "激光熔覆"}),
    ("capability-detail", "GET"): lambda world: Scene(world.capability(state=CapabilityState.DRAFT)),
    ("capability-detail", "PATCH"): lambda world: Scene(world.capability(), {"version": 1, "title": "激光熔覆"}),
    ("capability-publish", "POST"): lambda world: Scene(
        world.capability(state=CapabilityState.RETURNED, published_at=None)
    ),
    ("capability-recall", "POST"): lambda world: Scene(world.capability(state=CapabilityState.SUBMITTED)),
    ("capability-confirm", "POST"): lambda world: Scene(world.capability()),
    ("capability-archive", "POST"): lambda world: Scene(world.capability()),
    ("capability-reopen", "POST"): lambda world: Scene(world.capability(state=CapabilityState.ARCHIVED)),
    ("proposal-list", "GET"): lambda world: Scene(world.proposal() and None),
    ("proposal-detail", "GET"): lambda world: Scene(world.proposal()),
    ("proposal-accept", "POST"): lambda world: Scene(world.interested()),
    ("proposal-decline", "POST"): lambda world: Scene(world.interested(), {"reason": "region"}),
    ("proposal-withdraw", "POST"): lambda world: Scene(world.interested()),
    ("engagement-list", "GET"): lambda world: Scene(world.engagement() and None),
    ("engagement-detail", "GET"): lambda world: Scene(world.engagement()),
    ("engagement-report", "POST"): lambda world: Scene(
        world.engagement(), {**OUTCOME, "occurred_on": clock.today().isoformat()}
    ),
    ("notification-list", "GET"): lambda world: Scene(world.notification() and None),
    ("notification-read", "POST"): lambda world: Scene(world.notification()),
    ("notification-read-all", "POST"): lambda world: Scene(world.notification() and None),
    ("notification-preferences", "GET"): lambda world: Scene(),
    ("notification-preferences", "PATCH"): lambda world: Scene(
        body={"topics": [{"topic": "proposals", "email": "weekly"}], "quiet_from": "21:30"}
    ),
    ("outcome-list", "GET"): lambda world: Scene(world.outcome() and None),
    ("outcome-detail", "GET"): lambda world: Scene(world.outcome()),
    ("outcome-detail", "PATCH"): lambda world: Scene(world.outcome(), {"description": "寿命提高两倍。"}),
    ("outcome-confirm", "POST"): lambda world: Scene(world.outcome(), {}),
    ("outcome-reject", "POST"): lambda world: Scene(world.outcome(), {"reason": "数据不实。"}),
    ("schema", "GET"): lambda world: Scene(),
    ("docs", "GET"): lambda world: Scene(),
}
