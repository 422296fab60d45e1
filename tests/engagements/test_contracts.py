"""The contract of a case: its terms and their versions, its money, its milestones, its files."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.engagements.models import Contract, ContractFile, EndReason, Engagement, FormerTerms, Instalment, Milestone
from apps.engagements.services import (
    contract_amend,
    contract_correct,
    contract_file_add,
    contract_file_remove,
    contract_record,
    engagement_assign_broker,
    engagement_end,
    engagement_step_back,
    instalment_drop,
    instalment_plan,
    instalment_receive,
    instalment_take_back,
    milestone_accept,
    milestone_drop,
    milestone_set,
    milestone_withdraw,
)
from tests.engagements.conftest import PNG
from tests.factories import make_engagement

Terms = Callable[..., dict[str, Any]]
pytestmark = pytest.mark.django_db


def changes_of(action: str) -> dict[str, Any]:
    entry = AuditEntry.objects.filter(action=action).get()
    return dict(entry.changes)


@pytest.mark.parametrize("who", ["sme_owner", "colleague", "professor", "administrator"])
def test_a_recorded_contract_brings_the_case_to_its_step(
    engagement: Engagement, terms: Terms, who: str, request: pytest.FixtureRequest
) -> None:
    contract_record(engagement=engagement, by=request.getfixturevalue(who), **terms())
    assert Engagement.objects.get().state == "contracted"
    assert Contract.objects.get().amount_yuan == Decimal("320000.00")


@pytest.mark.parametrize("who", ["stranger", "broker", "reviewer"])
def test_nobody_else_records_or_changes_a_contract(
    engagement: Engagement, contract: Contract, terms: Terms, who: str, request: pytest.FixtureRequest
) -> None:
    user, day = request.getfixturevalue(who), clock.today()
    acts: list[Callable[[], Any]] = [
        lambda: contract_record(engagement=make_engagement(), by=user, **terms()),
        lambda: contract_correct(contract=contract, by=user, title="别的"),
        lambda: contract_amend(contract=contract, by=user, reason="加价"),
        lambda: instalment_plan(contract=contract, by=user, planned_on=day, planned_yuan=Decimal(1)),
        lambda: milestone_set(contract=contract, by=user, title="试制", due_on=day),
        lambda: contract_file_add(contract=contract, by=user, upload=SimpleUploadedFile("合同.png", PNG)),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_the_cases_own_broker_keeps_its_contract(engagement: Engagement, broker: User, terms: Terms) -> None:
    engagement_assign_broker(engagement=engagement, broker=broker, by=broker)
    contract_record(engagement=engagement, by=broker, **terms())
    assert Contract.objects.get().recorded_by == broker


def test_a_case_has_one_contract(engagement: Engagement, contract: Contract, sme_owner: User, terms: Terms) -> None:
    with pytest.raises(StateConflict, match="登记变更"):
        contract_record(engagement=engagement, by=sme_owner, **terms())


def test_a_signed_contract_is_not_undone_by_stepping_back(contract: Contract, sme_owner: User) -> None:
    with pytest.raises(StateConflict):
        engagement_step_back(engagement=contract.engagement, by=sme_owner)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"signed_on": clock.today() + timedelta(days=1)}, "signed_on"),
        ({"amount_yuan": Decimal(-1)}, "amount_yuan"),
        ({"amount_yuan": Decimal("NaN")}, "amount_yuan"),
        ({"amount_yuan": Decimal("0.001")}, "amount_yuan"),
        ({"technology_amount_yuan": Decimal(320001)}, "__all__"),
        ({"starts_on": clock.today(), "ends_on": clock.today() - timedelta(days=1)}, "__all__"),
        ({"client_name": ""}, "client_name"),
        ({"title": "含\x00控制字符"}, "title"),
    ],
)
def test_terms_that_cannot_be_are_refused(
    engagement: Engagement, sme_owner: User, terms: Terms, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        contract_record(engagement=engagement, by=sme_owner, **terms(**wrong))
    assert list(refused.value.message_dict) == [field]
    assert not Contract.objects.exists()


def test_a_registration_number_belongs_to_one_contract(contract: Contract, administrator: User, terms: Terms) -> None:
    contract_correct(contract=contract, by=administrator, registration_number="2026370200001")
    other = make_engagement()
    with pytest.raises(ValidationError):
        contract_record(engagement=other, by=administrator, **terms(registration_number="2026370200001"))
    contract_record(engagement=other, by=administrator, **terms(registration_number=""))


def test_a_correction_keeps_what_stood_there(contract: Contract, professor: User) -> None:
    contract_correct(contract=contract, by=professor, amount_yuan=Decimal(300000), technology_amount_yuan=None)
    assert changes_of("contract.corrected")["amount_yuan"] == ["320000.00", "300000"]
    assert Contract.objects.get().version == 1
    assert not FormerTerms.objects.exists()


def test_a_correction_of_terms_changed_meanwhile_is_refused(
    contract: Contract, sme_owner: User, professor: User
) -> None:
    seen = Contract.objects.get().revision
    contract_correct(contract=contract, by=professor, title="新的名称")
    with pytest.raises(StateConflict):
        contract_correct(contract=contract, by=sme_owner, title="别的名称", seen=seen)


def test_an_amendment_keeps_the_former_terms_with_its_reason(contract: Contract, sme_owner: User) -> None:
    contract_amend(contract=contract, by=sme_owner, reason="增加二期试验", amount_yuan=Decimal(400000))
    stored = Contract.objects.get()
    assert (stored.version, stored.is_amended, stored.amount_yuan) == (2, True, 400000)
    former = FormerTerms.objects.get()
    assert (former.version, former.amount_yuan, former.reason) == (1, 320000, "增加二期试验")


def test_an_amendment_needs_a_reason(contract: Contract, sme_owner: User) -> None:
    with pytest.raises(ValidationError) as refused:
        contract_amend(contract=contract, by=sme_owner, reason="  ", amount_yuan=Decimal(400000))
    assert list(refused.value.message_dict) == ["reason"]
    assert Contract.objects.get().version == 1


def plan(contract: Contract, by: User, yuan: int) -> Instalment:
    return instalment_plan(contract=contract, by=by, planned_on=clock.today(), planned_yuan=Decimal(yuan))


def test_money_is_planned_received_and_taken_back(contract: Contract, sme_owner: User, professor: User) -> None:
    instalment = plan(contract, sme_owner, 100000)
    day = clock.today()
    instalment_receive(instalment=instalment, by=professor, received_on=day, received_yuan=Decimal("99999.99"))
    stored = Instalment.objects.get()
    assert (stored.received_yuan, stored.received_by) == (Decimal("99999.99"), professor)
    with pytest.raises(StateConflict):
        instalment_receive(instalment=instalment, by=sme_owner, received_on=day, received_yuan=Decimal(1))
    with pytest.raises(StateConflict):
        instalment_drop(instalment=instalment, by=sme_owner)
    instalment_take_back(instalment=instalment, by=professor)
    assert not Instalment.objects.get().is_received
    assert changes_of("instalment.taken_back")["yuan"] == "99999.99"
    instalment_drop(instalment=instalment, by=sme_owner)
    assert not Instalment.objects.exists()


def test_no_more_is_planned_or_received_than_the_contract_is_worth(contract: Contract, sme_owner: User) -> None:
    first, second = plan(contract, sme_owner, 200000), plan(contract, sme_owner, 120000)
    with pytest.raises(ValidationError) as refused:
        plan(contract, sme_owner, 1)
    assert list(refused.value.message_dict) == ["planned_yuan"]
    day = clock.today()
    instalment_receive(instalment=first, by=sme_owner, received_on=day, received_yuan=Decimal(250000))
    with pytest.raises(ValidationError) as refused:
        instalment_receive(instalment=second, by=sme_owner, received_on=day, received_yuan=Decimal(70001))
    assert list(refused.value.message_dict) == ["received_yuan"]
    with pytest.raises(ValidationError) as refused:
        contract_correct(contract=contract, by=sme_owner, amount_yuan=Decimal(240000), technology_amount_yuan=None)
    assert list(refused.value.message_dict) == ["amount_yuan"]


@pytest.mark.parametrize("days", [-1, 31])
def test_money_comes_between_the_signing_and_today(contract: Contract, sme_owner: User, days: int) -> None:
    instalment, day = plan(contract, sme_owner, 1000), clock.today() - timedelta(days=days)
    with pytest.raises(ValidationError) as refused:
        instalment_receive(instalment=instalment, by=sme_owner, received_on=day, received_yuan=Decimal(1000))
    assert list(refused.value.message_dict) == ["received_on"]


def test_money_may_still_come_after_the_end(contract: Contract, sme_owner: User) -> None:
    instalment = plan(contract, sme_owner, 1000)
    engagement_end(engagement=contract.engagement, by=sme_owner, reason=EndReason.COST)
    instalment_receive(instalment=instalment, by=sme_owner, received_on=clock.today(), received_yuan=Decimal(1000))
    assert Instalment.objects.get().is_received


def test_a_milestone_is_reached_when_both_sides_accepted(
    contract: Contract, sme_owner: User, colleague: User, professor: User, administrator: User
) -> None:
    milestone = milestone_set(contract=contract, by=professor, title="首批试样", due_on=clock.today())
    milestone_accept(milestone=milestone, by=professor)
    assert Milestone.objects.get().accepted_at is None
    with pytest.raises(NotAllowed):
        milestone_accept(milestone=milestone, by=administrator)
    milestone_accept(milestone=milestone, by=colleague)
    stored = Milestone.objects.get()
    assert stored.accepted_at is not None
    assert (stored.need_accepted_by, stored.capability_accepted_by) == (colleague, professor)
    with pytest.raises(StateConflict):
        milestone_withdraw(milestone=milestone, by=sme_owner)
    with pytest.raises(StateConflict):
        milestone_drop(milestone=milestone, by=sme_owner)


def test_a_side_takes_its_acceptance_back_before_the_other_accepts(contract: Contract, professor: User) -> None:
    milestone = milestone_set(contract=contract, by=professor, title="首批试样", due_on=clock.today())
    milestone_accept(milestone=milestone, by=professor)
    milestone_withdraw(milestone=milestone, by=professor)
    assert Milestone.objects.get().capability_accepted_at is None
    milestone_drop(milestone=milestone, by=professor)
    assert not Milestone.objects.exists()


def test_files_of_a_contract_are_what_their_names_say(
    contract: Contract, sme_owner: User, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with pytest.raises(ValidationError) as refused:
        contract_file_add(contract=contract, by=sme_owner, upload=SimpleUploadedFile("合同.pdf", PNG))
    assert list(refused.value.message_dict) == ["upload"]
    file = contract_file_add(contract=contract, by=sme_owner, upload=SimpleUploadedFile("合同扫描.png", PNG))
    assert (file.name, file.content_type) == ("合同扫描.png", "image/png")
    assert "合同" not in str(file.file)
    with django_capture_on_commit_callbacks(execute=True):
        contract_file_remove(file=file, by=sme_owner)
    assert not ContractFile.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]
