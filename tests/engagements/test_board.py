"""The list and the board of cases, and the steps on a case's page."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Membership, Organisation, User
from apps.core import clock
from apps.engagements.models import Engagement
from apps.engagements.services import (
    Plan,
    engagement_advance,
    engagement_assign_broker,
    engagement_end,
    engagement_plan,
)
from tests.factories import make_capability, make_engagement, make_need, make_proposal

ClientOf = Callable[[User], Client]
LIST = reverse("engagements:list")


def address(name: str, engagement: Engagement) -> str:
    return reverse(f"engagements:{name}", args=[engagement.public_id])


def column_of(page: str, state: str) -> str:
    return page.split(f'id="column-{state}"')[1].split("</section>", maxsplit=1)[0]


def test_the_board_has_a_column_for_each_step(engagement: Engagement, sme_owner: User, client_of: ClientOf) -> None:
    engagement_advance(engagement=engagement, by=sme_owner, plan=Plan(sme_owner, "约定试验条件"))
    page = client_of(sme_owner).get(LIST, {"view": "board"}).content.decode()
    card = column_of(page, "negotiating")
    for text in (engagement.proposal.need.title, "约定试验条件", "陈立", "进入“方案”"):
        assert text in card
    assert "没有" in column_of(page, "introduced")


def test_a_phone_shows_the_first_step_that_has_cases_or_the_one_asked_for(
    engagement: Engagement, sme_owner: User, client_of: ClientOf
) -> None:
    engagement_advance(engagement=engagement, by=sme_owner)
    client = client_of(sme_owner)

    def current(**query: str) -> list[str]:
        columns = client.get(LIST, {"view": "board", **query}).context["columns"]
        return [column.state for column, _rows in columns if column.is_current]

    assert current() == ["negotiating"]
    assert current(step="ended") == ["ended"]
    assert current(step="no-such-step") == ["negotiating"]


def test_a_button_moves_a_case_on_and_comes_back_to_the_board(
    engagement: Engagement, sme_owner: User, client_of: ClientOf
) -> None:
    sent = {"from_board": "1", "seen": Engagement.objects.get().revision}
    response = client_of(sme_owner).post(address("advance", engagement), sent)
    assert response["Location"] == f"{LIST}?view=board&step=negotiating"
    again = client_of(sme_owner).post(address("advance", engagement), sent, follow=True)
    assert "刚刚有了新的变化" in again.content.decode()
    assert Engagement.objects.get().state == "negotiating"


def test_before_the_contract_the_board_leads_to_its_form(
    engagement: Engagement, sme_owner: User, client_of: ClientOf
) -> None:
    for _step in range(2):
        engagement_advance(engagement=engagement, by=sme_owner)
    card = column_of(client_of(sme_owner).get(LIST, {"view": "board"}).content.decode(), "solution")
    assert address("contract_edit", engagement) in card
    assert address("advance", engagement) not in card


def test_who_may_not_move_a_case_has_no_button(engagement: Engagement, reviewer: User, client_of: ClientOf) -> None:
    page = client_of(reviewer).get(LIST, {"view": "board"}).content.decode()
    assert engagement.proposal.need.title in page
    assert address("advance", engagement) not in page


def test_cases_are_narrowed_by_person_and_day(
    engagement: Engagement, sme_owner: User, broker: User, client_of: ClientOf
) -> None:
    make_engagement(proposal=make_proposal(need=make_need(title="海带加工废水处理")))
    client, today = client_of(broker), clock.today()

    def listed(**query: str) -> int:
        return int(client.get(LIST, query).context["page"].paginator.count)

    assert (listed(), listed(who="nobody"), listed(due="none"), listed(who="broker")) == (2, 2, 2, 0)
    engagement_assign_broker(engagement=engagement, broker=broker, by=broker)
    engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(broker, "催寄样", today + timedelta(days=2)))
    assert (listed(who="broker"), listed(who="mine"), listed(due="week"), listed(due="overdue")) == (1, 1, 1, 0)
    Engagement.objects.update(due_on=today - timedelta(days=1))
    assert listed(due="overdue") == 2
    assert listed(who="'; drop table", due="no") == 2


def test_filters_answer_htmx_with_the_rows_alone(engagement: Engagement, sme_owner: User, client_of: ClientOf) -> None:
    client = client_of(sme_owner)
    rows = client.get(LIST, headers={"HX-Request": "true"})
    assert "<html" not in rows.content.decode()
    assert 'id="cases"' in rows.content.decode()
    assert "HX-Request" in rows["Vary"]
    restored = client.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


def test_the_board_asks_the_same_number_of_queries_for_many_cases(
    engagement: Engagement, reviewer: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(reviewer)
    for number in range(8):
        make_engagement(
            proposal=make_proposal(need=make_need(title=f"需求{number}"), capability=make_capability()),
            owner=reviewer,
        )
    client.get(LIST, {"view": "board"})  # what is announced to everybody is remembered from here on
    with django_assert_num_queries(5):  # session, user with membership, counts, one column, kept filters
        client.get(LIST, {"view": "board"})


def test_the_next_step_is_planned_on_the_page(
    engagement: Engagement, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    client, seen = client_of(sme_owner), Engagement.objects.get().revision
    wrong = {"owner": professor.pk, "next_action": "寄样", "due_on": "2020-01-01", "seen": seen}
    page = client.post(address("plan", engagement), wrong).content.decode()
    assert "截止日期不能早于今天" in page[page.index('id="id_plan_due_on_error"') :]
    right = wrong | {"due_on": clock.today().isoformat()}
    assert client.post(address("plan", engagement), right).status_code == 302
    stored = Engagement.objects.get()
    assert (stored.owner, stored.next_action) == (professor, "寄样")
    timeline = client.get(address("detail", engagement)).content.decode().split('id="timeline"')[1]
    assert "更新了下一步安排：寄样 · 林教授" in timeline


def test_people_on_offer_are_those_one_may_know(
    engagement: Engagement,
    sme_owner: User,
    colleague: User,
    professor: User,
    university: Organisation,
    client_of: ClientOf,
) -> None:
    """The other side's contact, but not everybody who works there."""
    unknown = User.objects.create_user(email="quiet@wan.example", name="周老师")
    Membership.objects.create(user=unknown, organisation=university)
    page = client_of(sme_owner).get(address("detail", engagement)).content.decode()
    offered = page.split('id="id_plan_owner"')[1].split("</select>")[0]
    assert all(person.name in offered for person in (sme_owner, colleague, professor))
    assert unknown.name not in offered


def test_a_case_is_ended_on_its_page_with_a_reason(
    engagement: Engagement, professor: User, client_of: ClientOf
) -> None:
    client = client_of(professor)
    page = client.post(address("end", engagement), {"end_reason": ""}).content.decode()
    assert "请选择终止原因" in page[page.index('id="id_end_end_reason_error"') :]
    client.post(address("end", engagement), {"end_reason": "cost", "end_note": "试验费用超出预算"})
    page = client.get(address("detail", engagement)).content.decode()
    for text in ("对接已终止。原因：费用或资金", "试验费用超出预算", "供给方林教授终止了对接"):
        assert text in page


def test_an_ended_case_is_shown_with_its_reason_on_the_board(
    engagement: Engagement, professor: User, client_of: ClientOf
) -> None:
    engagement_end(engagement=engagement, by=professor, reason="time")
    page = client_of(professor).get(LIST, {"view": "board"}).content.decode()
    assert "进度赶不上" in column_of(page, "ended")


def test_a_broker_takes_a_case_and_gives_it_up_on_its_page(
    engagement: Engagement, broker: User, client_of: ClientOf
) -> None:
    client = client_of(broker)
    before = client.get(address("detail", engagement)).content.decode()
    assert "由我跟进" in before
    assert 'name="give_up"' not in before
    client.post(address("take", engagement))
    assert Engagement.objects.get().broker == broker
    after = client.get(address("detail", engagement)).content.decode()
    assert "不再跟进" in after
    assert 'name="give_up"' in after
    client.post(address("take", engagement))  # from a page of before, whose button still says so
    assert Engagement.objects.get().broker == broker
    client.post(address("take", engagement), {"give_up": "1"})
    assert Engagement.objects.get().broker is None
    client.post(address("take", engagement), {"give_up": "1"})
    assert Engagement.objects.get().broker is None


def test_a_stranger_changes_no_step(engagement: Engagement, stranger: User, client_of: ClientOf) -> None:
    for name in ("advance", "step_back", "plan", "end", "take"):
        assert client_of(stranger).post(address(name, engagement), {"from_board": "1"}).status_code == 404


def test_a_move_by_mistake_is_undone_on_the_page(engagement: Engagement, sme_owner: User, client_of: ClientOf) -> None:
    engagement_advance(engagement=engagement, by=sme_owner)
    client_of(sme_owner).post(address("step_back", engagement))
    assert Engagement.objects.get().state == "introduced"
