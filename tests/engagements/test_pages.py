"""The pages of engagements and outcomes, as each side sees them."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Organisation, User
from apps.capabilities.models import CapabilityState
from apps.core import clock
from apps.engagements.models import Engagement, Outcome, OutcomeState
from apps.engagements.services import outcome_confirm, outcome_correct, outcome_reject, outcome_report
from apps.matching.models import Proposal
from apps.matching.services import proposal_accept
from tests.engagements.conftest import PNG, outcome_type
from tests.factories import make_capability, make_engagement, make_need, make_proposal

ClientOf = Callable[[User], Client]
Columns = Callable[..., dict[str, Any]]


def page_of(client: Client, name: str, *arguments: str) -> str:
    response = client.get(reverse(f"engagements:{name}", args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def filled(**fields: str) -> dict[str, str]:
    form = {
        "outcome_type": str(outcome_type("process_change").pk),
        "description": "换用激光熔覆后，轧辊寿命由三个月提高到八个月。",
        "occurred_on": str(clock.today() - timedelta(days=3)),
        "indicator_name": "轧辊寿命",
        "before_value": "3 个月",
        "after_value": "8 个月",
        "cost_saved_yuan": "320000",
    }
    return form | fields


@pytest.mark.parametrize("who", ["sme_owner", "colleague", "professor", "broker", "reviewer", "administrator"])
def test_both_sides_and_the_platform_see_the_contacts_of_both(
    engagement: Engagement, who: str, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    page = page_of(client_of(request.getfixturevalue(who)), "detail", engagement.public_id)
    for text in ("陈立", "13000000001", "owner@hailan.example", "林教授", "13000000003", "professor@wan.example"):
        assert text in page


def test_a_stranger_finds_nothing(
    engagement: Engagement, reported: Outcome, stranger: User, client_of: ClientOf
) -> None:
    client = client_of(stranger)
    page = client.get(reverse("engagements:detail", args=[engagement.public_id]))
    absent = client.get(reverse("engagements:detail", args=["222222222222"]))
    assert page.status_code == absent.status_code == 404
    assert "陈立" not in page.content.decode()
    assert "还没有对接" in page_of(client, "list")
    for action in ("outcome_confirm", "outcome_reject"):
        assert client.post(reverse(f"engagements:{action}", args=[reported.public_id])).status_code == 404
    for name, argument in (
        ("outcome_create", engagement),
        ("outcome_correct", reported),
        ("outcome_evidence", reported),
    ):
        assert client.get(reverse(f"engagements:{name}", args=[argument.public_id])).status_code == 404


@pytest.mark.parametrize("name", ["list", "detail"])
def test_a_visitor_is_asked_to_sign_in(engagement: Engagement, client: Client, name: str) -> None:
    arguments = [engagement.public_id] if name == "detail" else []
    response = client.get(reverse(f"engagements:{name}", args=arguments))
    assert response.status_code == 302
    assert reverse("accounts:sign_in") in response["Location"]


def test_a_side_without_a_named_contact_shows_who_accepted(
    enterprise: Organisation, university: Organisation, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    proposal = make_proposal(
        need=make_need(organisation=enterprise), capability=make_capability(organisation=university)
    )
    proposal_accept(proposal=proposal, by=sme_owner)
    proposal_accept(proposal=proposal, by=professor)
    page = page_of(client_of(professor), "detail", Engagement.objects.get().public_id)
    assert "13000000001" in page


def test_the_history_is_told_in_sentences(
    *,
    enterprise: Organisation,
    university: Organisation,
    sme_owner: User,
    professor: User,
    administrator: User,
    columns: Columns,
    client_of: ClientOf,
) -> None:
    proposal = make_proposal(
        need=make_need(organisation=enterprise), capability=make_capability(organisation=university)
    )
    proposal_accept(proposal=proposal, by=professor)
    proposal_accept(proposal=Proposal.objects.get(), by=sme_owner)
    engagement = Engagement.objects.get()
    outcome = outcome_report(engagement=engagement, by=sme_owner, **columns(occurred_on=clock.today()))
    outcome_reject(outcome=outcome, by=administrator, reason="缺少检测报告")
    page = page_of(client_of(professor), "detail", engagement.public_id).split('id="timeline"')[1]
    told = [
        "平台王管理驳回了成效“工艺改造”",
        "原因：缺少检测报告",
        "需求方陈立填报了成效“工艺改造”",
        "对接开始，双方可以看到彼此的联系方式",
        "需求方陈立接受了推荐，双方达成对接",
        "供给方林教授接受了推荐，等待对方答复",
    ]
    places = [page.index(sentence) for sentence in told]
    assert places == sorted(places)


def test_the_reasons_of_the_proposal_stay_readable(
    engagement: Engagement, professor: User, client_of: ClientOf
) -> None:
    reasons = page_of(client_of(professor), "detail", engagement.public_id).split('id="reasons"')[1]
    assert "激光熔覆耐磨" in reasons


def test_what_left_the_catalogue_is_summed_up_without_a_dead_link(
    engagement: Engagement, sme_owner: User, client_of: ClientOf
) -> None:
    capability = engagement.proposal.capability
    type(capability).objects.filter(pk=capability.pk).update(state=CapabilityState.ARCHIVED)
    page = page_of(client_of(sme_owner), "detail", engagement.public_id)
    assert capability.title in page
    assert f"/{capability.public_id}/" not in page


def test_an_outcome_is_reported_through_the_form(
    engagement: Engagement, sme_owner: User, client_of: ClientOf, picture: SimpleUploadedFile
) -> None:
    url = reverse("engagements:outcome_create", args=[engagement.public_id])
    response = client_of(sme_owner).post(url, {**filled(), "evidence": picture})
    assert response.status_code == 302
    outcome = Outcome.objects.get()
    assert (outcome.indicator_name, outcome.cost_saved_yuan, outcome.evidence_name) == (
        "轧辊寿命",
        320000,
        "验收照片.png",
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("outcome_type", "", ""),
        ("description", "", ""),
        ("description", "含\x01控制字符", "含有无法保存的控制字符"),
        ("occurred_on", "2000-01-01", "发生日期应在对接之日与今天之间。"),
        ("occurred_on", "昨天", ""),
        ("cost_saved_yuan", "-5", ""),
        ("cost_saved_yuan", "三十万", ""),
        ("indicator_name", "长" * 61, ""),
    ],
)
def test_a_wrong_field_shows_its_message_and_keeps_what_was_typed(
    *, engagement: Engagement, sme_owner: User, client_of: ClientOf, field: str, value: str, message: str
) -> None:
    url = reverse("engagements:outcome_create", args=[engagement.public_id])
    response = client_of(sme_owner).post(url, filled(**{field: value}))
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page[page.index(f'id="id_{field}_error"') :]
    assert "3 个月" in page
    assert not Outcome.objects.exists()


def test_a_false_pdf_is_refused_beside_its_field(engagement: Engagement, sme_owner: User, client_of: ClientOf) -> None:
    url = reverse("engagements:outcome_create", args=[engagement.public_id])
    response = client_of(sme_owner).post(url, {**filled(), "evidence": SimpleUploadedFile("报告.pdf", PNG)})
    page = response.content.decode()
    assert "不符" in page[page.index('id="id_evidence_field"') :]
    assert "请重新选择一次" in page


def test_the_other_side_confirms_with_what_it_read(reported: Outcome, professor: User, client_of: ClientOf) -> None:
    client = client_of(professor)
    page = page_of(client, "detail", reported.engagement.public_id)
    confirm = reverse("engagements:outcome_confirm", args=[reported.public_id])
    assert f'action="{confirm}?seen=' in page
    address = page.split(f'action="{confirm}', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert client.post(confirm + address).status_code == 302
    assert Outcome.objects.get().state == OutcomeState.CONFIRMED


def test_a_confirmation_of_an_older_text_is_refused_with_a_sentence(
    reported: Outcome, professor: User, client_of: ClientOf
) -> None:
    client = client_of(professor)
    confirm = reverse("engagements:outcome_confirm", args=[reported.public_id])
    response = client.post(f"{confirm}?seen=2020-01-01", follow=True)
    assert Outcome.objects.get().state == OutcomeState.REPORTED
    assert "对方刚刚修改了这条成效" in response.content.decode()


def test_who_reported_is_told_to_wait_and_offered_no_confirmation(
    reported: Outcome, sme_owner: User, client_of: ClientOf
) -> None:
    page = page_of(client_of(sme_owner), "detail", reported.engagement.public_id)
    assert "等待对方确认" in page
    assert reverse("engagements:outcome_confirm", args=[reported.public_id]) not in page
    assert reverse("engagements:outcome_correct", args=[reported.public_id]) in page


@pytest.mark.parametrize(("reason", "sentence"), [(" ", "请说明驳回原因"), ("数据\x00不对", "无法保存的字符")])
def test_rejecting_without_a_reason_that_can_be_kept_shows_the_message_in_place(
    reported: Outcome, professor: User, client_of: ClientOf, reason: str, sentence: str
) -> None:
    url = reverse("engagements:outcome_reject", args=[reported.public_id])
    response = client_of(professor).post(url, {"reason": reason})
    page = response.content.decode()
    assert sentence in page[page.index(f'id="outcome-{reported.public_id}"') :]
    assert Outcome.objects.get().state == OutcomeState.REPORTED


def test_a_rejected_outcome_is_corrected_through_the_form(
    reported: Outcome, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    outcome_reject(outcome=reported, by=professor, reason="寿命数据不对")
    url = reverse("engagements:outcome_correct", args=[reported.public_id])
    client = client_of(sme_owner)
    assert "寿命数据不对" in client.get(url).content.decode()
    assert client.post(url, filled(after_value="6 个月")).status_code == 302
    stored = Outcome.objects.get()
    assert (stored.state, stored.after_value, stored.indicator_unit) == (OutcomeState.REPORTED, "6", "个月")


def hidden(page: str, name: str) -> str:
    return str(re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)[0])


def test_a_correction_overtaken_by_a_colleague_comes_back_whole(
    reported: Outcome, sme_owner: User, colleague: User, client_of: ClientOf
) -> None:
    url, client = reverse("engagements:outcome_correct", args=[reported.public_id]), client_of(sme_owner)
    seen = hidden(client.get(url).content.decode(), "seen")
    outcome_correct(outcome=reported, by=colleague, new_sales_yuan=Decimal(500000))
    answer = client.post(url, filled(after_value="6 个月", seen=seen))
    page = answer.content.decode()
    assert answer.status_code == 200
    for text in (f"{colleague.name} 在", "新增销售额（元）", "500000", "6 个月"):
        assert text in page
    assert Outcome.objects.get().new_sales_yuan == 500000
    again = filled(after_value="6 个月", seen=hidden(page, "seen"))
    assert client.post(url, again).status_code == 302
    assert (Outcome.objects.get().after_value, Outcome.objects.get().new_sales_yuan) == ("6", None)


def test_an_outcome_changed_meanwhile_is_not_rejected_unread(
    reported: Outcome, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    client = client_of(professor)
    before = page_of(client, "detail", reported.engagement.public_id)
    seen = hidden(before.split(f'id="outcome-{reported.public_id}"')[1], "seen")
    outcome_correct(outcome=reported, by=sme_owner, description="由三个月提高到六个月。")
    url = reverse("engagements:outcome_reject", args=[reported.public_id])
    answer = client.post(url, {"reason": "寿命数据不对", "seen": seen})
    page = answer.content.decode().split(f'id="outcome-{reported.public_id}"')[1]
    for text in ("由三个月提高到六个月", "对方刚刚修改了这条成效", "寿命数据不对"):
        assert text in page
    assert Outcome.objects.get().state == OutcomeState.REPORTED
    assert client.post(url, {"reason": "寿命数据不对", "seen": hidden(page, "seen")}).status_code == 302
    assert Outcome.objects.get().state == OutcomeState.REJECTED


def test_correcting_without_a_new_file_keeps_the_old(
    engagement: Engagement, sme_owner: User, client_of: ClientOf, columns: Columns, picture: SimpleUploadedFile
) -> None:
    outcome = outcome_report(engagement=engagement, by=sme_owner, **columns(evidence=picture))
    kept = str(outcome.evidence)
    client_of(sme_owner).post(reverse("engagements:outcome_correct", args=[outcome.public_id]), filled())
    stored = Outcome.objects.get()
    assert (str(stored.evidence), stored.evidence_name) == (kept, "验收照片.png")


def test_evidence_is_a_download_for_both_sides_only(
    *,
    engagement: Engagement,
    sme_owner: User,
    professor: User,
    stranger: User,
    client_of: ClientOf,
    columns: Columns,
    picture: SimpleUploadedFile,
) -> None:
    outcome = outcome_report(engagement=engagement, by=sme_owner, **columns(evidence=picture))
    url = reverse("engagements:outcome_evidence", args=[outcome.public_id])
    response = client_of(professor).get(url)
    assert response.getvalue() == PNG
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client_of(stranger).get(url).status_code == 404


def test_an_outcome_without_evidence_has_nothing_to_download(
    reported: Outcome, professor: User, client_of: ClientOf
) -> None:
    url = reverse("engagements:outcome_evidence", args=[reported.public_id])
    assert client_of(professor).get(url).status_code == 404


def test_the_list_narrows_by_words_stage_and_outcomes(
    engagement: Engagement, reported: Outcome, reviewer: User, professor: User, client_of: ClientOf
) -> None:
    make_engagement(proposal=make_proposal(need=make_need(title="海带加工废水处理")))
    client, url = client_of(reviewer), reverse("engagements:list")

    def listed(**query: str) -> int:
        return int(client.get(url, query).context["page"].paginator.count)

    assert listed() == 2
    assert listed(q="海带") == listed(outcomes="waiting") == listed(outcomes="none") == 1
    assert listed(state="delivered") == 0
    assert listed(state="no-such-stage", outcomes="'", page="abc") == 2
    outcome_confirm(outcome=reported, by=professor)
    assert listed(outcomes="confirmed") == 1


def test_the_list_asks_the_same_number_of_queries_for_many_rows(
    engagement: Engagement, reviewer: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, url = client_of(reviewer), reverse("engagements:list")
    for number in range(8):
        make_engagement(proposal=make_proposal(need=make_need(title=f"需求{number}"), capability=make_capability()))
    client.get(url)  # what is announced to everybody is remembered from here on
    with django_assert_num_queries(5):  # session, user with membership, count, rows, kept filters
        client.get(url)


def test_the_page_asks_the_same_number_of_queries_for_many_outcomes(
    *,
    engagement: Engagement,
    sme_owner: User,
    professor: User,
    columns: Columns,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(5):
        outcome_report(engagement=engagement, by=sme_owner, **columns())
    client = client_of(professor)
    url = reverse("engagements:detail", args=[engagement.public_id])
    client.get(url)
    # 2 for the person, page, 2 × indicators, outcomes, 2 × visible, people, waits, history, who saw contacts
    with django_assert_num_queries(13):
        client.get(url)


def test_a_failure_is_reported_with_its_reason(engagement: Engagement, sme_owner: User, client_of: ClientOf) -> None:
    url = reverse("engagements:outcome_create", args=[engagement.public_id])
    failed = filled(outcome_type=str(outcome_type("not_achieved").pk))
    page = client_of(sme_owner).post(url, failed).content.decode()
    assert "请选择未达成的原因" in page[page.index('id="id_failure_reason_error"') :]
    assert client_of(sme_owner).post(url, failed | {"failure_reason": "indicator_missed"}).status_code == 302
    assert "未达成的原因：技术指标达不到" in page_of(client_of(sme_owner), "detail", engagement.public_id)
