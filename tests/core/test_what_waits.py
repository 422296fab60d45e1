"""The list of the home page: each kind of thing that waits appears for whom it waits, and goes once it is done."""

from datetime import timedelta

import pytest

from apps.accounts.models import Organisation, OrganisationState, User
from apps.accounts.services import join_approve, join_ask, organisation_verify
from apps.core import clock
from apps.engagements.desk.settling import message_settle
from apps.engagements.models import Engagement
from apps.engagements.services import Plan, agreement_confirm, engagement_advance, engagement_plan, message_send
from apps.followups.models import Questionnaire
from apps.followups.services import questionnaire_answer
from apps.matching.models import Side
from apps.matching.services import proposal_accept
from apps.needs.services import need_renew
from matchsvc.waiting import Item, waiting_for_me
from tests.factories import make_capability, make_engagement, make_need, make_proposal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("taxonomy")]


def found(user: User, words: str) -> list[Item]:
    return [item for item in waiting_for_me(user) if words in item.title]


@pytest.fixture
def case(enterprise: Organisation, university: Organisation, sme_owner: User, professor: User) -> Engagement:
    need = make_need(organisation=enterprise, contact=sme_owner)
    capability = make_capability(organisation=university, contact=professor)
    return make_engagement(proposal=make_proposal(need=need, capability=capability))


def test_a_yes_and_then_the_agreement(
    enterprise: Organisation, university: Organisation, sme_owner: User, professor: User
) -> None:
    need = make_need(organisation=enterprise, contact=sme_owner, nda_required=True)
    proposal = make_proposal(need=need, capability=make_capability(organisation=university, contact=professor))
    proposal_accept(proposal=proposal, by=professor)
    [item] = found(sme_owner, "对方愿意对接")
    assert item.due_at is not None
    assert not found(professor, "对方愿意对接")
    proposal_accept(proposal=proposal, by=sme_owner)
    assert not found(sme_owner, "对方愿意对接")
    agreement = Engagement.objects.get().agreement
    assert found(sme_owner, "请确认保密协议")
    assert found(professor, "请确认保密协议")
    agreement_confirm(agreement=agreement, by=sme_owner)
    assert not found(sme_owner, "请确认保密协议")
    assert found(professor, "请确认保密协议")


def test_a_message(case: Engagement, sme_owner: User, professor: User) -> None:
    message_send(engagement=case, by=sme_owner, text="何时可以寄样？")
    assert found(professor, "请回复对方的消息")
    message_settle(engagement=case, by=professor)
    assert not found(professor, "请回复对方的消息")


def test_a_step_with_its_day_until_it_is_done(case: Engagement, professor: User) -> None:
    engagement_plan(engagement=case, by=professor, plan=Plan(professor, "寄样件", clock.today()))
    [item] = found(professor, "寄样件")
    assert item.due_at is not None
    engagement_advance(engagement=case, by=professor, plan=Plan())
    assert not found(professor, "寄样件")


def test_a_questionnaire(case: Engagement, sme_owner: User, professor: User) -> None:
    now = clock.now()
    times = {"due_on": clock.today(), "opened_at": now, "closes_at": now + timedelta(days=30)}
    asked = Questionnaire.objects.create(engagement=case, side=Side.NEED, months=3, **times)
    assert found(sme_owner, "请填写回访问卷")
    assert not found(professor, "请填写回访问卷")
    questionnaire_answer(
        questionnaire=asked,
        by=sme_owner,
        usage="in_use",
        fit="better",
        further_work="none",
        partner_rating=5,
        platform_rating=5,
    )
    assert not found(sme_owner, "请填写回访问卷")


def test_a_need_that_is_about_to_end(enterprise: Organisation, sme_owner: User) -> None:
    need = make_need(
        organisation=enterprise, contact=sme_owner, title="快到期的需求", valid_until=clock.today() + timedelta(days=3)
    )
    assert found(sme_owner, "快到期的需求")
    need_renew(need=need, by=sme_owner)
    assert not found(sme_owner, "快到期的需求")


def test_who_asks_to_join(enterprise: Organisation, sme_owner: User, colleague: User) -> None:
    person = User.objects.create_user("new@hailan.example", name="吴芳", email_confirmed_at=clock.now())
    assert found(person, "加入或登记您的单位")
    asked = join_ask(organisation=enterprise, by=person)
    assert found(person, "已申请加入")
    assert found(sme_owner, "申请加入本单位")
    assert not found(colleague, "申请加入本单位")
    join_approve(request=asked, by=sme_owner)
    assert not found(sme_owner, "申请加入本单位")
    assert not found(User.objects.get(pk=person.pk), "加入")


def test_what_is_to_be_reviewed(other_enterprise: Organisation, stranger: User, reviewer: User) -> None:
    Organisation.objects.filter(pk=other_enterprise.pk).update(
        state=OrganisationState.PENDING, credit_code="91370200MA3C1XXW0E"
    )
    other_enterprise.refresh_from_db()
    assert found(reviewer, "家机构等待核验")
    organisation_verify(organisation=other_enterprise, by=reviewer)
    assert not found(reviewer, "家机构等待核验")


def test_the_oldest_of_what_others_wait_for_comes_first(case: Engagement, sme_owner: User, professor: User) -> None:
    with clock.at(clock.now() - timedelta(days=4)):
        message_send(engagement=case, by=sme_owner, text="何时可以寄样？")
    with clock.at(clock.now() - timedelta(days=1)):
        engagement_plan(engagement=case, by=sme_owner, plan=Plan(professor, "寄样件", clock.today()))
    moments = [item.since for item in waiting_for_me(professor) if item.order == 1]
    assert len(moments) == 2
    assert moments == sorted(moments, key=lambda at: at or clock.now())
