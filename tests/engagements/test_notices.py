"""Who is told of the events of a case: the other side and the broker, once, and nobody by name."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import Membership, User
from apps.core import clock
from apps.engagements.events import NAMES, tell
from apps.engagements.models import Agreement, Contract, EndReason, Engagement, Outcome
from apps.engagements.notices import NOT_TOLD, TOLD
from apps.engagements.services import (
    Plan,
    agreement_confirm,
    contract_record,
    engagement_advance,
    engagement_end,
    engagement_plan,
    instalment_plan,
    meeting_plan,
    message_send,
    milestone_accept,
    milestone_set,
    outcome_confirm,
    outcome_correct,
    outcome_reject,
    outcome_report,
)
from apps.engagements.services.openings import engagement_open
from apps.matching.models import Proposal
from apps.matching.services import proposal_accept
from apps.needs.models import Need
from apps.notifications import outbox
from apps.notifications.letters import write
from apps.notifications.models import Notification
from apps.notifications.senders.group import post_of
from tests.factories import make_capability, make_need, make_proposal

pytestmark = pytest.mark.django_db
SOON = timedelta(days=2)


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is asked."""
    monkeypatch.setattr(outbox, "send_hints", lambda _letters, **_: None)


@pytest.fixture
def case(engagement: Engagement, broker: User, colleague: User, stranger: User) -> Engagement:
    """With a broker; a colleague and a stranger look on."""
    engagement.broker = broker
    engagement.save()
    return engagement


def told(event: str) -> set[User]:
    return {row.recipient for row in Notification.objects.filter(kind=f"engagements.{event}")}


def test_every_event_is_told_or_left_out_on_purpose() -> None:
    assert set(NAMES) == TOLD.keys() | NOT_TOLD


@pytest.mark.parametrize("event", sorted(TOLD.keys() - {"engagement.opened", "engagement.planned"}))
def test_an_event_that_is_sent_twice_reaches_the_other_side_and_the_broker_once(
    event: str, case: Engagement, contract: Contract, sme_owner: User, professor: User, broker: User
) -> None:
    Notification.objects.all().delete()
    case.end_reason = EndReason.COST
    about = _about(event, case, contract, sme_owner)
    Notification.objects.all().delete()
    for _time in range(2):
        tell(event, engagement=case, by=sme_owner, about=about)
    assert sorted(row.recipient.pk for row in Notification.objects.all()) == sorted([professor.pk, broker.pk])
    for row in Notification.objects.all():
        assert row.text.line  # words for every value
        assert row.target


def _about(event: str, case: Engagement, contract: Contract, by: User) -> Any:
    noun = event.split(".", maxsplit=1)[0]
    if noun == "meeting":
        starts_at = clock.now() + SOON
        fields = {
            "title": "技术交流",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=1),
            "place": "线上",
        }
        return meeting_plan(engagement=case, by=by, **fields)
    if noun == "milestone":
        return milestone_set(contract=contract, by=by, title="中试完成", due_on=clock.today() + SOON)
    if noun == "instalment":
        return instalment_plan(contract=contract, by=by, planned_on=clock.today() + SOON, planned_yuan=Decimal(1000))
    return {"message": lambda: message_send(engagement=case, by=by, text="您好")}.get(noun, lambda: case)()


def test_a_step_that_the_platform_or_the_broker_takes_is_told_to_both_sides(
    case: Engagement, sme_owner: User, professor: User, broker: User
) -> None:
    engagement_advance(engagement=case, by=broker)
    assert told("engagement.advanced") == {sme_owner, professor}
    assert "洽谈" in Notification.objects.all()[0].text.title


def test_the_next_step_is_told_to_its_owner_only(case: Engagement, sme_owner: User, colleague: User) -> None:
    engagement_plan(engagement=case, by=sme_owner, plan=Plan(owner=colleague, next_action="寄样品"))
    assert told("engagement.planned") == {colleague}
    engagement_plan(engagement=case, by=colleague, plan=Plan(owner=colleague, next_action="寄第二批样品"))
    assert Notification.objects.count() == 1


def test_who_left_or_is_deactivated_hears_nothing(
    case: Engagement, sme_owner: User, professor: User, broker: User
) -> None:
    Proposal.objects.filter(pk=case.proposal_id).update(capability_accepted_by=professor)
    Membership.objects.filter(user=professor).delete()
    case.refresh_from_db()
    message_send(engagement=case, by=sme_owner, text="还在吗")
    User.objects.filter(email=broker.email).update(is_active=False)
    case = Engagement.objects.get(pk=case.pk)
    message_send(engagement=case, by=sme_owner, text="请回复")
    assert told("message.sent") == {broker}
    assert Notification.objects.count() == 1


def test_a_message_is_told_at_once_and_not_quoted(case: Engagement, sme_owner: User, professor: User) -> None:
    message_send(engagement=case, by=sme_owner, text="图纸密码是 8848")
    row = Notification.objects.get(recipient=professor)
    assert row.is_by_name
    assert row.organisation == professor.membership.organisation
    assert "8848" not in str([row.parameters, row.text])
    assert row.target.endswith("/talk/")


def test_a_contract_is_told_once_though_it_also_moves_the_case(
    case: Engagement, sme_owner: User, professor: User, broker: User, terms: Callable[..., dict[str, Any]]
) -> None:
    contract_record(engagement=case, by=sme_owner, **terms())
    assert told("contract.recorded") == {professor, broker}
    assert Notification.objects.count() == 2


def test_a_milestone_waits_for_the_other_side_and_then_is_reached(
    case: Engagement, contract: Contract, sme_owner: User, professor: User, broker: User
) -> None:
    milestone = milestone_set(contract=contract, by=sme_owner, title="中试完成", due_on=clock.today() + SOON)
    milestone_accept(milestone=milestone, by=sme_owner)
    assert told("milestone.accepted") == {professor, broker}
    milestone_accept(milestone=milestone, by=professor)
    assert told("milestone.reached") == {sme_owner, broker}


def test_an_outcome_goes_back_and_forth(
    case: Engagement, sme_owner: User, professor: User, broker: User, columns: Callable[..., dict[str, Any]]
) -> None:
    outcome = outcome_report(engagement=case, by=sme_owner, **columns())
    assert told("outcome.reported") == {professor, broker}
    outcome_reject(outcome=outcome, by=professor, reason="数据要再核实。")
    assert told("outcome.rejected") == {sme_owner, broker}
    outcome_correct(outcome=Outcome.objects.get(), by=sme_owner, **columns(description="寿命由三个月提高到七个月。"))
    assert told("outcome.reported_again") == {professor, broker}
    assert told("outcome.corrected") == set()
    outcome_confirm(outcome=Outcome.objects.get(), by=professor)
    assert told("outcome.confirmed") == {sme_owner, broker}


def test_the_end_is_told_with_its_reason(case: Engagement, sme_owner: User, professor: User, broker: User) -> None:
    engagement_end(engagement=case, by=sme_owner, reason=EndReason.COST)
    assert told("engagement.ended") == {professor, broker}
    assert str(EndReason.COST.label) in Notification.objects.all()[0].text.line


def test_a_case_without_agreement_is_told_by_its_acceptance_only(
    sme_owner: User, professor: User, enterprise: Any, university: Any, taxonomy: None
) -> None:
    proposal = _pair(sme_owner, professor)
    proposal_accept(proposal=proposal, by=sme_owner)
    proposal_accept(proposal=proposal, by=professor)
    assert not Notification.objects.filter(kind__startswith="engagements.").exists()
    assert Notification.objects.filter(kind="matching.accepted", recipient=sme_owner).count() == 1


def test_before_the_agreement_is_signed_nobody_is_named_anywhere(
    sme_owner: User, professor: User, taxonomy: None, client_of: Callable[[User], Any]
) -> None:
    proposal = _pair(sme_owner, professor)
    Need.objects.filter(pk=proposal.need_id).update(nda_required=True)
    proposal_accept(proposal=proposal, by=sme_owner)
    proposal_accept(proposal=proposal, by=professor)
    case = engagement_open(proposal=proposal, by=professor)
    assert told("engagement.opened") == {sme_owner}
    agreement_confirm(agreement=Agreement.objects.get(engagement=case), by=sme_owner)
    assert told("agreement.confirmed") == {professor}
    canaries = {professor: ("海岚", sme_owner.name, sme_owner.email), sme_owner: ("湾理工", "胶州湾", professor.name)}
    for person, names in canaries.items():
        rows = list(Notification.objects.filter(recipient=person))
        assert rows
        client, own = client_of(person), person.membership.organisation.name
        letter = write(rows, frequency="daily")
        texts = (
            client.get("/notifications/").content.decode().replace(own, ""),
            client.get("/api/v1/notifications/").content.decode(),
            "".join(line.title + line.text + line.url for line in letter.lines),
            post_of(write(rows, frequency="daily", to_group=True)),
            str([(row.parameters, row.event_key, row.url_args) for row in rows]),
        )
        assert not [name for name in names if any(name in text for text in texts)]


def _pair(sme_owner: User, professor: User) -> Proposal:
    need = make_need(organisation=sme_owner.membership.organisation, contact=sme_owner)
    capability = make_capability(organisation=professor.membership.organisation, contact=professor)
    return make_proposal(need=need, capability=capability)
