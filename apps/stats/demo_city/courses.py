"""How a case of the demo city went on once both sides had accepted: what was said, signed and paid, how far it came."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core import clock
from apps.engagements.lifecycle import STEPS
from apps.engagements.models import Engagement, EngagementState
from apps.engagements.services import (
    Plan,
    contract_record,
    engagement_advance,
    engagement_assign_broker,
    engagement_end,
    engagement_plan,
    instalment_plan,
    instalment_receive,
    message_send,
    milestone_accept,
    milestone_set,
)
from apps.matching.models import Side
from apps.taxonomy.models import Term, Vocabulary

DAYS_WITHOUT_OUTCOME = 20
FIRST_PAYMENT = Decimal("0.4")
STEP_AT = {"negotiating": 0.15, "solution": 0.3, "contracted": 0.4, "in_progress": 0.5, "delivered": 0.95}
"""Share of the time from the acceptance to the outcome after which each step began."""


class Happening(NamedTuple):
    """So many `days` after its beginning; `leaves` is the action by which the audit trail knows that it was done.

    Without `by` the platform did it.
    """

    days: float
    by: str
    take: Callable[[], None]
    leaves: str


class Course:
    """`told` is the "course" of a line of the history; `people` act for the sides and as "broker"."""

    def __init__(
        self, told: Mapping[str, Any], case: Callable[[], Engagement], people: Mapping[str, User], days: float
    ) -> None:
        self.told, self.case, self.people = told, case, people
        self.days = days or DAYS_WITHOUT_OUTCOME

    def happenings(self) -> Iterator[Happening]:
        if self.told.get("has_broker") and "broker" in self.people:
            yield Happening(1, "broker", self._broker_takes, "engagement.broker_assigned")
        for number, (side, text) in enumerate(self.told["messages"], start=1):
            yield Happening(number + 1, side, partial(self._say, side, text), "message.sent")
        for state in self._reached():
            yield from self._step(state)
        if "next" in self.told:
            owner = self.told["next"]["owner"]
            yield Happening(0.6 * self.days + 1, owner, self._plan, "engagement.planned")
        if "end" in self.told:
            yield Happening(0.9 * self.days, Side.NEED, self._end, "engagement.ended")

    @property
    def delivered(self) -> float | None:
        """After how many days; None for a case that was not."""
        is_delivered = self.told["reached"] == EngagementState.DELIVERED
        return STEP_AT[EngagementState.DELIVERED] * self.days + 2 if is_delivered else None

    def _reached(self) -> list[EngagementState]:
        """The steps after 接洽 that it went through; one that ended had begun to be carried out."""
        reached = EngagementState(self.told["reached"])
        last = EngagementState.IN_PROGRESS if reached == EngagementState.ENDED else reached
        return list(STEPS[1 : STEPS.index(last) + 1])

    def _step(self, state: EngagementState) -> Iterator[Happening]:
        days = STEP_AT[state] * self.days + 2
        if state == EngagementState.CONTRACTED:
            yield Happening(days, Side.CAPABILITY, self._sign, "contract.recorded")
        elif state == EngagementState.DELIVERED:
            yield Happening(days - 1, Side.NEED, self._accept_work, "milestone.reached")
            yield Happening(days, Side.NEED, self._advance(Side.NEED), "engagement.advanced")
        else:
            yield Happening(days, Side.CAPABILITY, self._advance(Side.CAPABILITY), "engagement.advanced")

    def _advance(self, side: str) -> Callable[[], None]:
        def advance() -> None:
            engagement_advance(engagement=self.case(), by=self.people[side])

        return advance

    def _broker_takes(self) -> None:
        broker = self.people["broker"]
        engagement_assign_broker(engagement=self.case(), broker=broker, by=broker)

    def _say(self, side: str, text: str) -> None:
        message_send(engagement=self.case(), by=self.people[side], text=text)

    def _plan(self) -> None:
        told = self.told["next"]
        day = timezone.localdate() + timedelta(days=told["in_days"])  # counted from the day of loading
        plan = Plan(owner=self.people[told["owner"]], next_action=told["action"], due_on=day)
        engagement_plan(engagement=self.case(), by=self.people[told["owner"]], plan=plan)

    def _end(self) -> None:
        engagement_end(engagement=self.case(), by=self.people[Side.NEED], **self.told["end"])

    @transaction.atomic
    def _sign(self) -> None:
        """The contract with its payments, of which the first comes at once, and the milestone it ends with."""
        told, case, by = self.told["contract"], self.case(), self.people[Side.CAPABILITY]
        amount, today, ends = Decimal(told["amount_yuan"]), clock.today(), timedelta(days=int(self.days / 2))
        contract = contract_record(
            engagement=case,
            by=by,
            contract_type=Term.objects.get(vocabulary=Vocabulary.CONTRACT_TYPE, code=told["type"]),
            title=told["title"],
            client_name=case.proposal.need.organisation.name,
            provider_name=case.proposal.capability.organisation.name,
            signed_on=today,
            starts_on=today,
            ends_on=today + ends,
            amount_yuan=amount,
            technology_amount_yuan=Decimal(told["technology_yuan"]),
        )
        shares = {FIRST_PAYMENT: today, 1 - FIRST_PAYMENT: today + ends}
        payments = [
            instalment_plan(contract=contract, by=by, planned_on=day, planned_yuan=amount * share)
            for share, day in shares.items()
        ]
        milestone_set(contract=contract, by=by, title="现场验收", due_on=today + ends)
        if told["received_share"]:
            instalment_receive(instalment=payments[0], by=by, received_on=today, received_yuan=payments[0].planned_yuan)

    @transaction.atomic
    def _accept_work(self) -> None:
        contract = self.case().contract
        for side in (Side.CAPABILITY, Side.NEED):
            milestone_accept(milestone=contract.milestones.get(), by=self.people[side])
        if self.told["contract"]["received_share"] == 1:
            rest = contract.instalments.get(received_on=None)
            by = self.people[Side.CAPABILITY]
            instalment_receive(instalment=rest, by=by, received_on=clock.today(), received_yuan=rest.planned_yuan)
