"""The steps of a case: who moves them on, who owns them, and how a case ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.models import Membership, Organisation, User
from apps.accounts.services import member_remove, user_deactivate
from apps.capabilities.models import CapabilityState
from apps.core import clock
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.engagements.events import EVENTS
from apps.engagements.models import EndReason, Engagement, EngagementState
from apps.engagements.sentences import SENTENCES
from apps.engagements.services import (
    Plan,
    engagement_advance,
    engagement_assign_broker,
    engagement_end,
    engagement_open,
    engagement_plan,
    engagement_step_back,
)
from apps.needs.models import Need, NeedState
from apps.needs.services import need_renew
from tests.factories import make_capability, make_engagement, make_proposal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["sme_owner", "colleague", "professor", "administrator"])
def test_both_sides_and_administrators_move_a_case_on(
    engagement: Engagement, who: str, request: pytest.FixtureRequest
) -> None:
    engagement_advance(engagement=engagement, by=request.getfixturevalue(who))
    assert Engagement.objects.get().state == EngagementState.NEGOTIATING


@pytest.mark.parametrize("who", ["stranger", "broker", "reviewer"])
def test_nobody_else_changes_a_case(engagement: Engagement, who: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    acts: list[Callable[[], Engagement]] = [
        lambda: engagement_advance(engagement=engagement, by=user),
        lambda: engagement_step_back(engagement=engagement, by=user),
        lambda: engagement_plan(engagement=engagement, by=user, plan=Plan()),
        lambda: engagement_end(engagement=engagement, by=user, reason=EndReason.COST),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_a_step_has_an_owner_an_action_and_a_day(engagement: Engagement, sme_owner: User, professor: User) -> None:
    plan = Plan(professor, "寄送样件并约定试验条件", clock.today() + timedelta(days=7))
    engagement_advance(engagement=engagement, by=sme_owner, plan=plan)
    stored = Engagement.objects.get()
    assert (stored.owner, stored.next_action, stored.due_on) == (plan.owner, plan.next_action, plan.due_on)
    assert not stored.is_overdue


def test_an_owner_acts_for_one_of_the_sides_or_is_the_cases_broker(
    engagement: Engagement, sme_owner: User, stranger: User, broker: User
) -> None:
    for person in (stranger, broker):
        with pytest.raises(ValidationError) as refused:
            engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(person))
        assert list(refused.value.message_dict) == ["owner"]
    engagement_assign_broker(engagement=engagement, broker=broker, by=broker)
    engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(broker))
    assert Engagement.objects.get().owner == broker


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan(due_on=clock.today() - timedelta(days=1)), "due_on"),
        (Plan(next_action="长" * 121), "next_action"),
        (Plan(next_action="含\x00控制字符"), "next_action"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(
    engagement: Engagement, sme_owner: User, plan: Plan, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        engagement_plan(engagement=engagement, by=sme_owner, plan=plan)
    assert list(refused.value.message_dict) == [field]


def test_a_plan_changed_meanwhile_is_not_overwritten(engagement: Engagement, sme_owner: User, professor: User) -> None:
    seen = Engagement.objects.get().revision
    engagement_plan(engagement=engagement, by=professor, plan=Plan(next_action="补充检测报告"))
    with pytest.raises(StateConflict):
        engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(next_action="另一件事"), seen=seen)
    assert Engagement.objects.get().next_action == "补充检测报告"


def test_without_a_contract_a_case_does_not_become_contracted(engagement: Engagement, sme_owner: User) -> None:
    for _step in range(2):
        engagement_advance(engagement=engagement, by=sme_owner)
    with pytest.raises(DomainError, match="先登记技术合同"):
        engagement_advance(engagement=engagement, by=sme_owner)


def test_a_move_by_mistake_is_undone(engagement: Engagement, sme_owner: User) -> None:
    engagement_advance(engagement=engagement, by=sme_owner)
    engagement_step_back(engagement=engagement, by=sme_owner)
    assert Engagement.objects.get().state == EngagementState.INTRODUCED
    with pytest.raises(StateConflict):
        engagement_step_back(engagement=engagement, by=sme_owner)


def test_a_case_without_success_keeps_its_reason_and_gives_the_need_back(
    engagement: Engagement, professor: User
) -> None:
    engagement_end(engagement=engagement, by=professor, reason=EndReason.NO_AGREEMENT, note="价格差距较大")
    stored = Engagement.objects.get()
    assert (stored.state, stored.end_reason, stored.end_note) == ("ended", "no_agreement", "价格差距较大")
    assert (stored.ended_by, stored.due_on) == (professor, None)
    assert Need.objects.get().state == NeedState.PUBLISHED


def test_the_need_stays_engaged_while_another_case_runs(
    engagement: Engagement, professor: User, university: Organisation
) -> None:
    need = engagement.proposal.need
    other = make_engagement(proposal=make_proposal(need=need, capability=make_capability(organisation=university)))
    engagement_end(engagement=engagement, by=professor, reason=EndReason.COST)
    assert Need.objects.get().state == NeedState.ENGAGED
    engagement_end(engagement=other, by=professor, reason=EndReason.COST)
    assert Need.objects.get().state == NeedState.PUBLISHED


def test_a_need_whose_last_day_is_past_expires_instead(engagement: Engagement, professor: User) -> None:
    Need.objects.update(valid_until=clock.today() - timedelta(days=1))
    engagement_end(engagement=engagement, by=professor, reason=EndReason.TIME)
    assert Need.objects.get().state == NeedState.EXPIRED


def test_a_need_solved_or_closed_meanwhile_stays_so(engagement: Engagement, professor: User) -> None:
    Need.objects.update(state=NeedState.CLOSED)
    engagement_end(engagement=engagement, by=professor, reason=EndReason.TIME)
    assert Need.objects.get().state == NeedState.CLOSED


def test_an_expired_need_renewed_while_a_case_runs_is_engaged(engagement: Engagement, sme_owner: User) -> None:
    Need.objects.update(state=NeedState.EXPIRED)
    need_renew(need=Need.objects.get(), by=sme_owner)
    assert Need.objects.get().state == NeedState.ENGAGED


@pytest.mark.parametrize(("reason", "note", "field"), [("", "", "end_reason"), ("other", " ", "end_note")])
def test_an_end_needs_its_reason(engagement: Engagement, sme_owner: User, reason: str, note: str, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        engagement_end(engagement=engagement, by=sme_owner, reason=reason, note=note)
    assert list(refused.value.message_dict) == [field]
    assert Engagement.objects.get().state == EngagementState.INTRODUCED


def test_an_ended_case_is_not_moved_on(engagement: Engagement, sme_owner: User) -> None:
    engagement_end(engagement=engagement, by=sme_owner, reason=EndReason.COST)
    with pytest.raises(NotAllowed):
        engagement_advance(engagement=engagement, by=sme_owner)
    with pytest.raises(NotAllowed):
        engagement_end(engagement=engagement, by=sme_owner, reason=EndReason.COST)


@pytest.mark.parametrize("how", ["leaves", "account closed"])
def test_who_leaves_owns_no_step_any_more(
    engagement: Engagement, sme_owner: User, colleague: User, administrator: User, how: str
) -> None:
    engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(colleague, "签样品寄送单"))
    if how == "leaves":
        member_remove(membership=Membership.objects.get(user=colleague), by=sme_owner)
    else:
        user_deactivate(user=colleague, by=administrator)
    stored = Engagement.objects.get()
    assert (stored.owner, stored.next_action) == (None, "签样品寄送单")
    assert AuditEntry.objects.filter(action="engagement.owner_left").count() == 1


def test_a_broker_takes_a_free_case_and_no_other(engagement: Engagement, broker: User, administrator: User) -> None:
    engagement_assign_broker(engagement=engagement, broker=broker, by=broker)
    other = User.objects.create_user(email="b2@city.example", name="钱经纪", platform_role="broker")
    with pytest.raises(NotAllowed):
        engagement_assign_broker(engagement=engagement, broker=other, by=other)
    engagement_assign_broker(engagement=engagement, broker=other, by=administrator)
    assert Engagement.objects.get().broker == other
    engagement_assign_broker(engagement=engagement, broker=None, by=other)
    assert Engagement.objects.get().broker is None


def test_the_cases_broker_works_on_it(engagement: Engagement, broker: User) -> None:
    engagement_assign_broker(engagement=engagement, broker=broker, by=broker)
    engagement_advance(engagement=engagement, by=broker)
    assert Engagement.objects.get().state == EngagementState.NEGOTIATING


def test_no_case_opens_for_what_was_withdrawn_at_this_moment(
    enterprise: Organisation, university: Organisation, sme_owner: User
) -> None:
    capability = make_capability(organisation=university)
    proposal = make_proposal(capability=capability)
    type(capability).objects.update(state=CapabilityState.ARCHIVED)
    with pytest.raises(StateConflict):
        engagement_open(proposal=proposal, by=sme_owner)
    assert not Engagement.objects.exists()


def test_every_event_has_a_sentence_in_the_history() -> None:
    assert set(EVENTS) <= set(SENTENCES)


def test_listeners_are_told_in_the_transaction_of_the_change(engagement: Engagement, sme_owner: User) -> None:
    heard: list[tuple[str, object, object]] = []

    def listener(sender: object, *, event: str, engagement: Engagement, by: User, about: object, **_: object) -> None:
        heard.append((event, engagement.pk, by))

    EVENTS["engagement.advanced"].connect(listener)
    engagement_advance(engagement=engagement, by=sme_owner)
    EVENTS["engagement.advanced"].disconnect(listener)
    assert heard == [("engagement.advanced", engagement.pk, sme_owner)]
