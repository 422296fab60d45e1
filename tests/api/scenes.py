"""For each endpoint a scene in which somebody at least is allowed: the rows that are there, and a body that is right.

The pair is a need of the cast's enterprise (the SME owner and her colleague) and a capability of the professor's
university; the broker, the reviewer and the administrator work for the platform, the stranger for another enterprise.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.engagements.models import (
    Agreement,
    Contract,
    Engagement,
    Instalment,
    Meeting,
    Milestone,
    Outcome,
    OutcomeState,
)
from apps.engagements.services import (
    contract_record,
    instalment_plan,
    instalment_receive,
    meeting_plan,
    milestone_accept,
    milestone_set,
)
from apps.matching.lookup import store
from apps.matching.lookup.conditions import Conditions
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

    def looked_up(self) -> tuple[Need, dict[str, str]]:
        """A need for which one resource was found, and what picks it."""
        need, capability = self.need(), self.capability()
        fields = {"score": 62.5, "need_version": need.version, "capability_version": capability.version}
        levels = (Disclosure.PUBLIC_ANONYMOUS.value, Disclosure.PUBLIC_NAMED.value, Disclosure.MEMBERS.value)
        question = store.Question(need.pk, need.version, levels, Conditions())
        store.keep(question, store.Answer(clock.now(), (store.Pair(capability.pk, fields),)))
        return need, {"capability": capability.public_id}

    def interested(self) -> Proposal:
        """The enterprise has said yes."""
        return self.proposal(
            state=ProposalState.INTERESTED, need_accepted_at=clock.now(), need_accepted_by=self.sme_owner
        )

    def engagement(self, **fields: Any) -> Engagement:
        proposal = self.proposal()
        Need.objects.filter(pk=proposal.need_id).update(state=NeedState.ENGAGED)
        return make_engagement(proposal=proposal, **fields)

    def contract(self) -> Contract:
        terms = CONTRACT | {"contract_type": term("contract_type", "contract_development")}
        return contract_record(engagement=self.engagement(), by=self.sme_owner, **terms)

    def instalment(self) -> Instalment:
        planned: dict[str, Any] = {"planned_on": clock.today(), "planned_yuan": Decimal(1000)}
        return instalment_plan(contract=self.contract(), by=self.sme_owner, **planned)

    def received(self) -> Instalment:
        came: dict[str, Any] = {"received_on": clock.today(), "received_yuan": Decimal(1000)}
        return instalment_receive(instalment=self.instalment(), by=self.sme_owner, **came)

    def closed_case(self) -> Engagement:
        """The need asks for an agreement that nobody has confirmed."""
        engagement = self.engagement(awaits_agreement=True)
        Agreement.objects.create(engagement=engagement, text_version="2026-11")
        return engagement

    def meeting(self) -> Meeting:
        return meeting_plan(engagement=self.engagement(), by=self.sme_owner, **MEETING)

    def milestone(self, *, accepted: bool = False) -> Milestone:
        milestone = milestone_set(contract=self.contract(), by=self.sme_owner, title="首批试样", due_on=clock.today())
        return milestone_accept(milestone=milestone, by=self.sme_owner) if accepted else milestone

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


CONTRACT: dict[str, Any] = {
    "contract_type": "contract_development",
    "title": "轧辊激光熔覆工艺开发",
    "client_name": "青岛海岚精工有限公司",
    "provider_name": "胶州湾理工大学",
    "signed_on": clock.today(),
    "amount_yuan": Decimal("320000.00"),
}
MEETING: dict[str, Any] = {
    "title": "试样方案讨论",
    "starts_at": clock.now() + timedelta(days=3),
    "ends_at": clock.now() + timedelta(days=3, hours=1),
    "place": "胶州湾理工大学材料楼 201",
}
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
    ("need-lookup-list", "GET"): lambda world: Scene(world.looked_up()[0]),
    ("need-lookup-list", "POST"): lambda world: Scene(*world.looked_up()),
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
    ("engagement-advance", "POST"): lambda world: Scene(world.engagement(), {"next_action": "寄样"}),
    ("engagement-step-back", "POST"): lambda world: Scene(world.engagement(state="negotiating")),
    ("engagement-plan", "POST"): lambda world: Scene(world.engagement(), {"next_action": "寄样"}),
    ("engagement-end", "POST"): lambda world: Scene(world.engagement(), {"reason": "cost"}),
    ("engagement-agreement-confirm", "POST"): lambda world: Scene(world.closed_case()),
    ("engagement-messages", "GET"): lambda world: Scene(world.engagement()),
    ("engagement-messages", "POST"): lambda world: Scene(world.engagement(), {"text": "下周寄样。"}),
    ("engagement-meetings", "GET"): lambda world: Scene(world.engagement()),
    ("engagement-meetings", "POST"): lambda world: Scene(
        world.engagement(),
        {name: value if isinstance(value, str) else value.isoformat() for name, value in MEETING.items()},
    ),
    ("meeting-detail", "PATCH"): lambda world: Scene(world.meeting(), {"place": "青岛高新区创新大厦 302"}),
    ("meeting-cancel", "POST"): lambda world: Scene(world.meeting()),
    ("engagement-contract", "GET"): lambda world: Scene(world.contract().engagement),
    ("engagement-contract", "POST"): lambda world: Scene(
        world.engagement(), {name: str(value) for name, value in CONTRACT.items()}
    ),
    ("engagement-contract", "PATCH"): lambda world: Scene(world.contract().engagement, {"title": "新名称"}),
    ("engagement-contract-amend", "POST"): lambda world: Scene(world.contract().engagement, {"reason": "增加试验"}),
    ("engagement-instalments", "POST"): lambda world: Scene(
        world.contract().engagement, {"planned_on": clock.today().isoformat(), "planned_yuan": "1000.00"}
    ),
    ("engagement-milestones", "POST"): lambda world: Scene(
        world.contract().engagement, {"title": "首批试样", "due_on": clock.today().isoformat()}
    ),
    ("instalment-detail", "DELETE"): lambda world: Scene(world.instalment()),
    ("instalment-receive", "POST"): lambda world: Scene(
        world.instalment(), {"received_on": clock.today().isoformat(), "received_yuan": "1000.00"}
    ),
    ("instalment-take-back", "POST"): lambda world: Scene(world.received()),
    ("milestone-detail", "DELETE"): lambda world: Scene(world.milestone()),
    ("milestone-accept", "POST"): lambda world: Scene(world.milestone()),
    ("milestone-withdraw", "POST"): lambda world: Scene(world.milestone(accepted=True)),
    ("outcome-list", "GET"): lambda world: Scene(world.outcome() and None),
    ("outcome-detail", "GET"): lambda world: Scene(world.outcome()),
    ("outcome-detail", "PATCH"): lambda world: Scene(world.outcome(), {"description": "寿命提高两倍。"}),
    ("outcome-confirm", "POST"): lambda world: Scene(world.outcome(), {}),
    ("outcome-reject", "POST"): lambda world: Scene(world.outcome(), {"reason": "数据不实。"}),
    ("schema", "GET"): lambda world: Scene(),
    ("docs", "GET"): lambda world: Scene(),
}
