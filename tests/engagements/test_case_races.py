"""Several people at the same moment in one case: real threads, real transactions, on either database."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from apps.accounts.models import Membership, Organisation, User
from apps.accounts.services import member_remove
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.services import capability_archive
from apps.core import audit, clock
from apps.core.errors import DomainError
from apps.core.models import AuditEntry
from apps.engagements.models import Agreement, Contract, EndReason, Engagement, Instalment, Message, Milestone, Outcome
from apps.engagements.services import (
    Plan,
    agreement_confirm,
    contract_correct,
    contract_record,
    engagement_advance,
    engagement_end,
    engagement_plan,
    instalment_plan,
    instalment_receive,
    message_send,
    milestone_accept,
    milestone_drop,
    milestone_set,
    outcome_confirm,
    outcome_reject,
)
from apps.matching.models import Proposal
from apps.matching.services import proposal_accept
from apps.needs.models import Need, NeedState
from apps.needs.services import need_expire
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_proposal
from tests.matching import test_races as races
from tests.matching.conftest import load_few_terms

pytestmark = pytest.mark.django_db(transaction=True)
Terms = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def taxonomy(transactional_db: None) -> None:
    """A few terms: each of these tests empties the tables, and loading all takes seconds."""
    if not Term.objects.exists():
        load_few_terms()
    Term.objects.get_or_create(vocabulary="outcome_type", code="process_change", defaults={"name": "工艺改造"})


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Started together; what each returned, or how it was refused."""

    def answered(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except ValidationError as error:
            return error

    return races.at_once(*[partial(answered, act) for act in acts])


def refusals(results: list[Any]) -> int:
    return sum(isinstance(result, Exception) for result in results)


def test_two_members_of_one_side_answer_an_outcome_differently(
    taxonomy: None, engagement: Engagement, reported: Outcome, professor: User, university: Organisation
) -> None:
    colleague = User.objects.create_user(email="second@wan.example", name="孙老师")
    Membership.objects.create(user=colleague, organisation=university)
    results = at_once(
        lambda: outcome_confirm(outcome=reported, by=professor),
        lambda: outcome_reject(outcome=reported, by=colleague, reason="数据不对"),
    )
    assert refusals(results) == 1
    told = AuditEntry.objects.get(action__in=["outcome.confirmed", "outcome.rejected"])
    assert Outcome.objects.get().state == told.action.removeprefix("outcome.")


def test_two_members_of_one_side_move_and_end_a_case(
    taxonomy: None, engagement: Engagement, sme_owner: User, colleague: User
) -> None:
    seen = Engagement.objects.get().revision
    results = at_once(
        lambda: engagement_advance(engagement=engagement, by=sme_owner, seen=seen),
        lambda: engagement_end(engagement=engagement, by=colleague, reason=EndReason.COST, seen=seen),
    )
    assert refusals(results) == 1
    told = AuditEntry.objects.get(action__in=["engagement.advanced", "engagement.ended"])
    assert Engagement.objects.get().state == told.changes["to"]


def test_one_side_accepts_a_milestone_that_the_other_drops(
    taxonomy: None, contract: Contract, sme_owner: User, professor: User
) -> None:
    milestone = milestone_set(contract=contract, by=sme_owner, title="首批试样", due_on=clock.today())
    results = at_once(
        lambda: milestone_accept(milestone=milestone, by=professor),
        lambda: milestone_drop(milestone=milestone, by=sme_owner),
    )
    assert refusals(results) == 1
    assert Milestone.objects.exists() == (not isinstance(results[0], DomainError))


def test_both_sides_accept_a_milestone_at_once(
    taxonomy: None, contract: Contract, sme_owner: User, professor: User
) -> None:
    milestone = milestone_set(contract=contract, by=sme_owner, title="首批试样", due_on=clock.today())
    results = at_once(
        lambda: milestone_accept(milestone=milestone, by=professor),
        lambda: milestone_accept(milestone=milestone, by=sme_owner),
    )
    assert refusals(results) == 0
    assert Milestone.objects.get().accepted_at is not None
    assert AuditEntry.objects.filter(action="milestone.reached").count() == 1


def test_two_receipts_together_stay_within_the_amount(
    taxonomy: None, contract: Contract, sme_owner: User, professor: User
) -> None:
    rows = [
        instalment_plan(contract=contract, by=sme_owner, planned_on=clock.today(), planned_yuan=Decimal(160000))
        for _ in range(2)
    ]
    came: dict[str, Any] = {"received_on": clock.today(), "received_yuan": Decimal(200000)}
    results = at_once(
        lambda: instalment_receive(instalment=rows[0], by=sme_owner, **came),
        lambda: instalment_receive(instalment=rows[1], by=professor, **came),
    )
    assert refusals(results) == 1
    assert sum(row.received_yuan or 0 for row in Instalment.objects.all()) == 200000


def test_one_payment_is_recorded_once(taxonomy: None, contract: Contract, sme_owner: User, professor: User) -> None:
    row = instalment_plan(contract=contract, by=sme_owner, planned_on=clock.today(), planned_yuan=Decimal(1000))
    came: dict[str, Any] = {"received_on": clock.today(), "received_yuan": Decimal(1000)}
    results = at_once(
        lambda: instalment_receive(instalment=row, by=sme_owner, **came),
        lambda: instalment_receive(instalment=row, by=professor, **came),
    )
    assert refusals(results) == 1
    assert AuditEntry.objects.filter(action="instalment.received").count() == 1


def test_two_instalments_are_planned_within_the_amount(
    taxonomy: None, contract: Contract, sme_owner: User, professor: User
) -> None:
    half: dict[str, Any] = {"planned_on": clock.today(), "planned_yuan": Decimal(200000)}
    results = at_once(
        lambda: instalment_plan(contract=contract, by=sme_owner, **half),
        lambda: instalment_plan(contract=contract, by=professor, **half),
    )
    assert refusals(results) == 1
    assert Instalment.objects.count() == 1


def test_both_sides_record_the_contract_at_once(
    taxonomy: None, engagement: Engagement, sme_owner: User, professor: User, terms: Terms
) -> None:
    columns = terms()
    results = at_once(
        lambda: contract_record(engagement=engagement, by=sme_owner, **columns),
        lambda: contract_record(engagement=engagement, by=professor, **columns),
    )
    assert refusals(results) == 1
    assert Contract.objects.count() == 1


def test_one_registration_number_in_two_cases_at_once(
    taxonomy: None, contract: Contract, administrator: User, terms: Terms
) -> None:
    other = contract_record(engagement=make_engagement(), by=administrator, **terms())
    results = at_once(
        lambda: contract_correct(contract=contract, by=administrator, registration_number="2026370200001"),
        lambda: contract_correct(contract=other, by=administrator, registration_number="2026370200001"),
    )
    assert refusals(results) == 1
    assert Contract.objects.filter(registration_number="2026370200001").count() == 1


def test_an_owner_leaves_while_being_made_owner(
    taxonomy: None, engagement: Engagement, sme_owner: User, colleague: User
) -> None:
    membership = Membership.objects.get(user=colleague)
    at_once(
        lambda: engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(colleague, "寄样")),
        lambda: member_remove(membership=membership, by=sme_owner),
    )
    assert not Membership.objects.filter(user=colleague).exists()
    assert Engagement.objects.get().owner is None


def test_an_owner_leaves_while_their_step_is_planned_anew(
    taxonomy: None, engagement: Engagement, sme_owner: User, colleague: User
) -> None:
    """Both touch the person and the case: taken in one order, they do not wait for each other for ever."""
    engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(colleague, "寄样"))
    membership = Membership.objects.get(user=colleague)
    results = at_once(
        lambda: engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(colleague, "签样品单")),
        lambda: member_remove(membership=membership, by=sme_owner),
    )
    assert results[1] is None
    assert Engagement.objects.get().owner is None


def test_a_capability_withdrawn_while_the_second_side_accepts(
    taxonomy: None, enterprise: Organisation, university: Organisation, sme_owner: User, professor: User
) -> None:
    """Either the case opened first, or there is none: never one for what had left the catalogue."""
    capability = make_capability(organisation=university)
    proposal = make_proposal(need=make_need(organisation=enterprise), capability=capability)
    proposal_accept(proposal=proposal, by=sme_owner)
    at_once(
        lambda: proposal_accept(proposal=proposal, by=professor),
        lambda: capability_archive(capability=Capability.objects.get(pk=capability.pk), by=professor),
    )
    assert Capability.objects.get(pk=capability.pk).state == CapabilityState.ARCHIVED
    archived = AuditEntry.objects.get(action="capability.archived")
    opened = AuditEntry.objects.filter(action="engagement.opened").first()
    assert opened is None or opened.pk < archived.pk


def test_a_capability_leaves_only_after_the_case_that_had_found_it_open(
    taxonomy: None, university: Organisation, sme_owner: User, professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    capability = make_capability(organisation=university)
    proposal = make_proposal(need=make_need(organisation=sme_owner.membership.organisation), capability=capability)
    proposal_accept(proposal=proposal, by=sme_owner)
    results = races.overtaken(
        monkeypatch,
        "apps.engagements.history.record",
        partial(proposal_accept, proposal=proposal, by=professor),
        lambda: capability_archive(capability=Capability.objects.get(pk=capability.pk), by=professor),
    )
    assert refusals(results) == 0
    told = AuditEntry.objects.filter(action__in=["engagement.opened", "capability.archived"]).order_by("pk")
    assert [entry.action for entry in told] == ["engagement.opened", "capability.archived"]


def test_a_case_opens_while_rows_are_written_that_refer_to_its_pair(
    taxonomy: None, university: Organisation, sme_owner: User, professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold the capability and then the need; who opens the case holds both, and must not shut them out."""
    need = make_need(organisation=sme_owner.membership.organisation)
    capability, other = (make_capability(organisation=university) for _ in range(2))
    proposal = make_proposal(need=need, capability=capability)
    proposal_accept(proposal=proposal, by=sme_owner)
    other_need = make_need(organisation=need.organisation)

    def list_both() -> None:
        with transaction.atomic():
            make_proposal(need=other_need, capability=capability)
            connection.check_constraints()  # holds the row referred to, as the end of the transaction does
            audit.record(need, "need.match_requested", by=None)
            make_proposal(need=need, capability=other)

    accept = partial(proposal_accept, proposal=proposal, by=professor)
    assert refusals(races.overtaken(monkeypatch, "apps.core.audit.record", list_both, accept)) == 0
    assert Engagement.objects.filter(proposal=proposal).exists()
    assert Proposal.objects.count() == 3


def test_a_need_expires_while_the_second_side_accepts(
    taxonomy: None, enterprise: Organisation, university: Organisation, sme_owner: User, professor: User
) -> None:
    """It is engaged with a case, or expired without one."""
    need = make_need(organisation=enterprise)
    proposal = make_proposal(need=need, capability=make_capability(organisation=university))
    proposal_accept(proposal=proposal, by=sme_owner)
    stale = Need.objects.get(pk=need.pk)
    Need.objects.filter(pk=need.pk).update(valid_until=clock.today())

    def expire() -> Need:
        with clock.at(clock.now() + timedelta(days=1)):
            return need_expire(need=stale)

    at_once(lambda: proposal_accept(proposal=proposal, by=professor), expire)
    state = Need.objects.get(pk=need.pk).state
    assert (state == NeedState.ENGAGED) == Engagement.objects.exists()
    assert state in (NeedState.ENGAGED, NeedState.EXPIRED)


def test_two_cases_of_one_need_end_at_once_and_give_it_back(
    taxonomy: None, engagement: Engagement, professor: User, university: Organisation
) -> None:
    need = engagement.proposal.need
    other = make_engagement(proposal=make_proposal(need=need, capability=make_capability(organisation=university)))
    results = at_once(
        *[lambda row=row: engagement_end(engagement=row, by=professor, reason="cost") for row in (engagement, other)]
    )
    assert refusals(results) == 0
    assert Need.objects.get(pk=need.pk).state == NeedState.PUBLISHED
    assert AuditEntry.objects.filter(action="need.disengaged").count() == 1


@pytest.fixture
def agreement(engagement: Engagement) -> Agreement:
    Engagement.objects.update(awaits_agreement=True)
    return Agreement.objects.create(engagement=engagement, text_version="2026-11")


def test_both_sides_confirm_the_agreement_at_once(
    taxonomy: None, agreement: Agreement, sme_owner: User, professor: User
) -> None:
    results = at_once(
        lambda: agreement_confirm(agreement=agreement, by=sme_owner),
        lambda: agreement_confirm(agreement=agreement, by=professor),
    )
    assert refusals(results) == 0
    assert Agreement.objects.get().signed_at is not None
    assert not Engagement.objects.get().awaits_agreement
    assert AuditEntry.objects.filter(action="agreement.signed").count() == 1


def test_one_member_confirms_the_agreement_while_another_ends_the_case(
    taxonomy: None, agreement: Agreement, sme_owner: User, colleague: User, professor: User
) -> None:
    """An ended case opens nothing any more."""
    agreement_confirm(agreement=agreement, by=professor)
    at_once(
        lambda: agreement_confirm(agreement=agreement, by=sme_owner),
        lambda: engagement_end(engagement=agreement.engagement, by=colleague, reason=EndReason.COST),
    )
    signed = AuditEntry.objects.filter(action="agreement.signed").first()
    ended = AuditEntry.objects.get(action="engagement.ended")
    assert signed is None or signed.pk < ended.pk
    assert Engagement.objects.get().awaits_agreement == (signed is None)


def test_a_message_sent_twice_at_once_is_one(taxonomy: None, engagement: Engagement, sme_owner: User) -> None:
    key = uuid.uuid4()
    send = partial(message_send, engagement=engagement, by=sme_owner, text="下周寄样。", form_key=key)
    results = at_once(send, send)
    assert refusals(results) == 0
    assert Message.objects.count() == 1
