"""The broker's desk: who sees it, what comes there, and what brokers do about it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Organisation, PlatformRole, User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.core.models import AccessEntry, AuditEntry
from apps.engagements.desk.calls import call_record
from apps.engagements.desk.pairing import pair_recommend
from apps.engagements.desk.referrals import referral_close, referral_hand_over, referral_open, referral_take
from apps.engagements.desk.sweep import STEPS, bring_cases, bring_overdue, bring_stuck, take_off
from apps.engagements.models import (
    Engagement,
    PhoneCall,
    Recommendation,
    Referral,
    ReferralKind,
    ReferralResult,
)
from apps.engagements.services import Plan, engagement_assign_broker, engagement_end, engagement_plan, message_send
from apps.matching.models import Proposal
from apps.matching.signals import need_list_unanswered, need_without_reply, proposal_timed_out
from apps.needs.models import Need, NeedState
from apps.notifications.models import Notification
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need, make_proposal

ClientOf = Callable[[User], Client]


def districts() -> list[Term]:
    return list(Term.objects.filter(vocabulary="district").order_by("pk")[:3])


def broker_of(email: str, *places: Term, covers_city: bool = False) -> User:
    role: dict[str, Any] = {"platform_role": PlatformRole.BROKER, "covers_city": covers_city}
    user = User.objects.create_user(email=email, name=email.split("@", maxsplit=1)[0], **role)
    user.districts.set(places)
    return user


@pytest.fixture
def places(enterprise: Organisation, university: Organisation) -> list[Term]:
    """The enterprise lies in the first, the university in the second, nobody in the third."""
    found = districts()
    for organisation, place in ((enterprise, found[0]), (university, found[1])):
        organisation.district = place
        organisation.save()
    return found


@pytest.fixture
def referral(engagement: Engagement) -> Referral:
    bring_cases()
    return Referral.objects.get()


def test_what_waits_too_long_comes_to_the_desk_once(engagement: Engagement) -> None:
    pair = engagement.proposal
    need = make_need(organisation=pair.need.organisation)
    for _again in range(2):
        proposal_timed_out.send(Proposal, proposal=pair, ask=None)
        need_list_unanswered.send(Need, need=need, wait=None)
        need_without_reply.send(Need, need=need, wait=None)
    kinds = sorted(Referral.objects.values_list("kind", flat=True))
    assert kinds == ["list_unanswered", "need_without_reply", "proposal_timed_out"]


def test_a_broker_sees_the_matters_of_their_region_only(places: list[Term], referral: Referral) -> None:
    here, there, elsewhere = (broker_of(f"b{number}@city.example", place) for number, place in enumerate(places))
    assert list(Referral.objects.visible_to(here)) == [referral]
    assert list(Referral.objects.visible_to(there)) == [referral], "the capability lies there"
    assert not Referral.objects.visible_to(elsewhere).exists()
    assert not Referral.objects.visible_to(broker_of("nowhere@city.example")).exists()


def test_a_case_and_its_pair_are_seen_in_the_region_and_by_whoever_has_it(
    places: list[Term], engagement: Engagement, administrator: User
) -> None:
    outsider = broker_of("outsider@city.example", places[2])
    assert not Engagement.objects.visible_to(outsider).exists()
    assert not Proposal.objects.visible_to(outsider).exists()
    engagement_assign_broker(engagement=engagement, broker=outsider, by=administrator)
    assert list(Engagement.objects.visible_to(outsider)) == [engagement]
    assert list(Proposal.objects.visible_to(outsider)) == [engagement.proposal]
    local = broker_of("local@city.example", places[0])
    assert Engagement.objects.visible_to(local).exists()
    assert Proposal.objects.visible_to(local).exists()


def test_a_reviewer_of_one_district_sees_its_cases_only(places: list[Term], engagement: Engagement) -> None:
    for place, count in zip(places, (1, 1, 0), strict=True):
        user = User.objects.create_user(f"r{place.pk}@city.example", name="审核", platform_role=PlatformRole.REVIEWER)
        user.districts.add(place)
        assert Engagement.objects.visible_to(user).count() == count


def test_a_need_for_brokers_is_for_those_of_its_region(places: list[Term], enterprise: Organisation) -> None:
    need = make_need(organisation=enterprise, disclosure="brokers")
    assert Need.objects.visible_to(broker_of("here@city.example", places[0])).filter(pk=need.pk).exists()
    assert Need.objects.visible_to(broker_of("city@city.example", covers_city=True)).filter(pk=need.pk).exists()
    assert not Need.objects.visible_to(broker_of("there@city.example", places[1])).filter(pk=need.pk).exists()


@pytest.mark.parametrize("who", ["sme_owner", "professor", "stranger"])
def test_the_desk_is_not_there_for_the_sides(
    referral: Referral, who: str, request: pytest.FixtureRequest, client_of: ClientOf
) -> None:
    client = client_of(request.getfixturevalue(who))
    assert client.get(reverse("desk:list")).status_code == 404
    assert client.get(reverse("desk:detail", args=[referral.public_id])).status_code == 404
    assert client.post(reverse("desk:take", args=[referral.public_id])).status_code == 404
    assert client.get(reverse("desk:credits")).status_code == 404
    assert client.get(reverse("desk:pair_new")).status_code == 403
    about = {"engagement": referral.engagement.public_id if referral.engagement else ""}
    assert client.get(reverse("desk:call_new"), about).status_code == 403


def test_taking_a_matter_of_a_case_takes_the_case(referral: Referral, engagement: Engagement, broker: User) -> None:
    referral_open(kind=ReferralKind.CASE_STUCK, need=referral.need, proposal=referral.proposal, engagement=engagement)
    referral_take(referral=referral, by=broker)
    engagement.refresh_from_db()
    assert engagement.broker == broker
    assert set(Referral.objects.values_list("taken_by", flat=True)) == {broker.pk}


def test_the_second_to_take_it_is_told_who_has_it(referral: Referral, broker: User) -> None:
    referral_take(referral=referral, by=broker)
    with pytest.raises(NotAllowed, match="吴经纪已经领取"):
        referral_take(referral=referral, by=broker_of("late@city.example", covers_city=True))


def test_handing_over_asks_for_a_note_and_a_colleague_of_the_region(
    places: list[Term], referral: Referral, broker: User
) -> None:
    referral_take(referral=referral, by=broker)
    outsider, local = broker_of("out@city.example", places[2]), broker_of("local@city.example", places[0])
    with pytest.raises(ValidationError, match="转交的原因"):
        referral_hand_over(referral=referral, to=local, note=" ", by=broker)
    with pytest.raises(ValidationError, match="不负责这个区市"):
        referral_hand_over(referral=referral, to=outsider, note="请接手", by=broker)
    referral_hand_over(referral=referral, to=local, note="企业周三有空，请先打电话", by=broker)
    referral.refresh_from_db()
    assert referral.taken_by == local
    assert Engagement.objects.get().broker == local
    told = AuditEntry.objects.get(action="referral.handed_over")
    assert told.changes["note"] == "企业周三有空，请先打电话"
    assert Notification.objects.filter(recipient=local, kind="engagements.referral_given").count() == 1
    with pytest.raises(NotAllowed):
        referral_hand_over(referral=referral, to=broker, note="拿回来", by=broker)


def test_a_broker_gives_a_case_back_to_the_queue(referral: Referral, broker: User) -> None:
    referral_take(referral=referral, by=broker)
    referral_hand_over(referral=referral, to=None, note="下月起休假", by=broker)
    referral.refresh_from_db()
    assert referral.taken_by is None
    assert referral.is_open
    assert Engagement.objects.get().broker is None


def test_a_matter_is_closed_by_whoever_has_it_with_a_result(engagement: Engagement, broker: User) -> None:
    row = referral_open(kind=ReferralKind.LIST_UNANSWERED, need=engagement.proposal.need)
    with pytest.raises(NotAllowed):
        referral_close(referral=row, result=ReferralResult.ANSWERED, by=broker)
    referral_take(referral=row, by=broker)
    with pytest.raises(ValidationError, match="补充说明"):
        referral_close(referral=row, result=ReferralResult.OTHER, by=broker)
    with pytest.raises(ValidationError, match="办理结果"):
        referral_close(referral=row, result=ReferralResult.LAPSED, by=broker)
    row = referral_close(referral=row, result=ReferralResult.ANSWERED, by=broker)
    assert (row.is_open, row.closed_by) == (False, broker)


def test_a_case_leaves_the_desk_when_it_ends(referral: Referral, engagement: Engagement, sme_owner: User) -> None:
    engagement_end(engagement=engagement, by=sme_owner, reason="cost")
    referral.refresh_from_db()
    assert referral.result == ReferralResult.LAPSED


def test_a_stuck_case_comes_after_so_many_days_and_leaves_when_it_moves(
    engagement: Engagement, sme_owner: User, broker: User
) -> None:
    Engagement.objects.update(state_since=clock.now() - timedelta(days=15))
    assert bring_stuck() == 1
    assert bring_stuck() == 0
    bring_cases()
    referral_take(referral=Referral.objects.get(kind="case"), by=broker)
    take_off()
    row = Referral.objects.get(kind="case_stuck")
    assert row.is_open, "being given to a broker moves no case"
    assert row.taken_by == broker
    message_send(engagement=engagement, by=sme_owner, text="下周寄样。")
    take_off()
    row.refresh_from_db()
    assert row.result == ReferralResult.LAPSED


def test_what_a_broker_closed_does_not_come_back_at_once(engagement: Engagement, broker: User) -> None:
    Engagement.objects.update(state_since=clock.now() - timedelta(days=15))
    bring_stuck()
    row = referral_take(referral=Referral.objects.get(), by=broker)
    referral_close(referral=row, result=ReferralResult.GOES_ON, by=broker)
    assert bring_stuck() == 0
    with clock.at(clock.now() + timedelta(days=20)):
        assert bring_stuck() == 1


def test_a_step_past_its_day_comes_and_leaves_with_a_new_day(engagement: Engagement, sme_owner: User) -> None:
    engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(sme_owner, "寄样", clock.today()))
    assert bring_overdue() == 0
    with clock.at(clock.now() + timedelta(days=2)):
        assert bring_overdue() == 1
        engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(sme_owner, "寄样", clock.today()))
        take_off()
    assert Referral.objects.get(kind="step_overdue").result == ReferralResult.LAPSED


def test_the_sweep_may_run_twice(engagement: Engagement) -> None:
    Engagement.objects.update(state_since=clock.now() - timedelta(days=15))
    for step in (*STEPS, *STEPS):
        step()
    assert sorted(Referral.objects.values_list("kind", flat=True)) == ["case", "case_stuck"]


def test_a_call_is_a_reply_to_the_need_and_the_sides_see_none_of_it(
    engagement: Engagement, broker: User, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    pair = engagement.proposal
    said: dict[str, Any] = {"side": "need", "called_at": clock.now(), "result": "企业下周一答复"}
    call_record(by=broker, need=pair.need, proposal=pair, engagement=engagement, **said)
    assert Need.objects.get(pk=pair.need_id).first_replied_at is not None
    url = reverse("engagements:detail", args=[engagement.public_id])
    assert "企业下周一答复" in client_of(broker).get(url).content.decode()
    for person in (sme_owner, professor):
        assert "企业下周一答复" not in client_of(person).get(url).content.decode()
        assert not PhoneCall.objects.visible_to(person).exists()


def test_a_broker_of_another_region_records_and_reads_no_call(
    places: list[Term], engagement: Engagement, broker: User
) -> None:
    outsider, pair = broker_of("out@city.example", places[2]), engagement.proposal
    said: dict[str, Any] = {"side": "need", "called_at": clock.now(), "result": "已约见面"}
    with pytest.raises(NotAllowed):
        call_record(by=outsider, need=pair.need, proposal=pair, engagement=engagement, **said)
    with pytest.raises(NotAllowed):
        call_record(by=outsider, need=pair.need, **said)
    call_record(by=broker, need=pair.need, **said)
    assert not PhoneCall.objects.visible_to(outsider).exists()


@pytest.mark.parametrize(
    ("called_at", "sentence"),
    [
        ("2090-01-01T10:00", "通话时间不能晚于现在"),
        ("2020-01-01T10:00", "通话时间不能早于一年前"),
        ("0001-01-01T00:00", "日期不对，请检查年份"),
    ],
)
def test_a_call_of_tomorrow_or_of_another_age_is_refused_beside_its_field(
    engagement: Engagement, broker: User, client_of: ClientOf, called_at: str, sentence: str
) -> None:
    url = f"{reverse('desk:call_new')}?engagement={engagement.public_id}"
    sent = {"side": "need", "called_at": called_at, "result": "已约见面"}
    page = client_of(broker).post(url, sent).content.decode()
    assert sentence in page[page.index('id="id_called_at_error"') :]
    assert not PhoneCall.objects.exists()


@pytest.fixture
def pair(enterprise: Organisation, university: Organisation) -> tuple[Need, Capability]:
    """Not proposed to each other by any match."""
    return make_need(organisation=enterprise), make_capability(organisation=university)


def test_a_pair_by_hand_enters_both_lists_with_its_reason(
    pair: tuple[Need, Capability], broker: User, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    need, capability = pair
    address = f"{reverse('desk:pair_new')}?need={need.public_id}&capability={capability.public_id}"
    assert client_of(broker).post(address, {"reason": "去年为同行做过同样的轧辊"}).status_code == 302
    proposal = Proposal.objects.get()
    for person in (sme_owner, professor):
        page = client_of(person).get(reverse("matching:proposal", args=[proposal.public_id])).content.decode()
        assert "去年为同行做过同样的轧辊" in page
    need.refresh_from_db()
    assert need.first_replied_at is not None
    assert proposal.rank is not None
    assert Notification.objects.filter(kind__startswith="engagements.recommended").count() == 2


@pytest.mark.parametrize(
    ("page", "name", "status"),
    [
        ("pair_new", "need", 200),
        ("pair_new", "capability", 200),
        ("pair_new", "nq", 200),
        ("call_new", "referral", 404),
        ("call_new", "engagement", 404),
        ("call_new", "proposal", 404),
        ("call_new", "need", 404),
    ],
)
def test_no_query_is_asked_with_a_sign_that_postgresql_refuses(
    broker: User, client_of: ClientOf, page: str, name: str, status: int
) -> None:
    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        assert not any("\x00" in str(value) for value in params or ())
        return execute(sql, params, many, context)

    client = client_of(broker)
    with connection.execute_wrapper(refuse):
        assert client.get(reverse(f"desk:{page}"), {name: "nosuch\x00row"}).status_code == status


def test_a_pair_by_hand_needs_a_reason_that_names_nobody_hidden(pair: tuple[Need, Capability], broker: User) -> None:
    need, capability = pair
    for reason in (" ", f"{need.organisation.short_name}的老客户"):
        with pytest.raises(ValidationError):
            pair_recommend(need=need, capability=capability, reason=reason, by=broker)
    assert not Recommendation.objects.exists()
    assert not Proposal.objects.exists()


def test_only_brokers_of_the_region_recommend(
    places: list[Term], pair: tuple[Need, Capability], reviewer: User, sme_owner: User
) -> None:
    outsider = broker_of("out@city.example", places[2])
    for person in (outsider, reviewer, sme_owner):
        with pytest.raises(NotAllowed):
            pair_recommend(need=pair[0], capability=pair[1], reason="做过", by=person)


def test_the_list_asks_the_same_number_of_queries_for_many_rows(
    referral: Referral, broker: User, client_of: ClientOf, django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(4):
        need = make_need(organisation=referral.need.organisation, title=f"需求{number}", state=NeedState.PUBLISHED)
        other = make_proposal(need=need, capability=make_capability(organisation=referral.need.organisation))
        referral_open(kind=ReferralKind.PROPOSAL_TIMED_OUT, need=need, proposal=other)
    client = client_of(broker)
    client.get(reverse("desk:list"))
    with django_assert_num_queries(6):  # type: ignore[attr-defined]  # a context manager
        # session, user with membership, choices of the filter, counts, count, rows
        client.get(reverse("desk:list"))


def test_the_list_narrows_by_queue_kind_district_and_words(
    places: list[Term], referral: Referral, broker: User, client_of: ClientOf
) -> None:
    client, title = client_of(broker), referral.need.title
    found = [{}, {"kind": "case"}, {"q": title[:4]}, {"district": places[0].code}, {"district": places[1].code}]
    for narrowed in found:
        assert title in client.get(reverse("desk:list"), narrowed).content.decode()
    for narrowed in ({"kind": "case_stuck"}, {"q": "没有的词"}, {"district": places[2].code}, {"queue": "mine"}):
        assert title not in client.get(reverse("desk:list"), narrowed).content.decode()


def test_whoever_has_a_matter_may_open_whom_to_call_and_leaves_a_trace(
    engagement: Engagement, client_of: ClientOf, broker: User, reviewer: User, sme_owner: User
) -> None:
    proposal_timed_out.send(Proposal, proposal=engagement.proposal, ask=None)
    matter = Referral.objects.get()
    page = reverse("desk:detail", args=[matter.public_id])

    assert client_of(broker).get(f"{page}?contacts").status_code == 403
    referral_take(referral=matter, by=broker)
    assert sme_owner.phone not in client_of(broker).get(page).content.decode()
    assert sme_owner.phone in client_of(broker).get(f"{page}?contacts").content.decode()
    assert list(AccessEntry.objects.filter(action="contacts.seen").values_list("actor", flat=True)) == [broker.pk]
    for person in (reviewer, broker_of("late@city.example", covers_city=True)):
        assert client_of(person).get(f"{page}?contacts").status_code == 403
