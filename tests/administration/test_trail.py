"""The audit search: who changed and who saw what."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Organisation, User
from apps.administration.trail.details import details
from apps.administration.trail.phrases import CHANGES, PHRASES, VIEWS, phrase_of
from apps.administration.trail.search import PAGE_SIZE, trail
from apps.core import audit, clock
from apps.core.models import AccessEntry, AuditEntry
from apps.core.origin import Origin, current_origin
from apps.engagements.events import NAMES
from apps.imports.models import ENDED_STATES
from apps.needs.models import Need
from apps.review.models import Report
from apps.stats.report.models import MonthlyReport
from tests.factories import make_capability, make_engagement, make_need, make_proposal

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
URL = "/office/trail/"


@pytest.fixture
def desk(administrator: User, client_of: ClientOf) -> Client:
    return client_of(administrator)


@pytest.fixture
def need(taxonomy: None, enterprise: Organisation) -> Need:
    return make_need(organisation=enterprise)


def said(client: Client, **query: str) -> list[str]:
    return [f"{line.who} {line.did} {line.title}" for line in client.get(URL, query).context["lines"]]


def test_entries_are_sentences_with_links(desk: Client, need: Need, reviewer: User) -> None:
    audit.record(need, "need.returned", by=reviewer, changes={"from": "submitted", "to": "returned"})
    page = desk.get(URL).content.decode()
    link = reverse("needs:detail", args=[need.public_id])
    for part in ("郑审核", "退回了需求", need.title, "原状态", "待审核", "新状态", "退回修改", link):
        assert part in page


def test_names_and_values_are_said_as_the_pages_say_them() -> None:
    """Fields by their own names, states and sides in words, moments by the city's clock; only pairs get an arrow."""
    changes = {
        "title": ["旧标题", "新标题"],
        "valid_until": "2027-01-31",
        "confirmed_at": "2026-10-24 01:46:00+00:00",
        "side": "need",
        "fields": ["title", "goal"],
        "anything": "as it is",
    }
    assert dict(details(changes, "needs.need")) == {
        "需求名称": "旧标题 → 新标题",
        "需求有效期至": "2027-01-31",
        "最近确认时间": "2026-10-24 09:46",
        "哪一方": "需求方",
        "修改的栏目": "需求名称、拟解决的技术问题",
        "anything": "as it is",
    }
    assert dict(details({"districts": ["市南区", "李沧区"]}, "accounts.user")) == {"负责区市": "市南区、李沧区"}
    assert dict(details({"value": 3}, "gone.model")) == {"值": "3"}


def test_of_two_whole_rows_only_what_differs_is_told() -> None:
    before, after = {"title": "旧", "summary": "同"}, {"title": "新", "summary": "同"}
    assert list(details({"before": before, "after": after, "version": 2}, "followups.story")) == [
        ("标题", "旧 → 新"),
        ("版本", "2"),
    ]


def test_each_condition_narrows(desk: Client, need: Need, reviewer: User, broker: User, sme_owner: User) -> None:
    old = clock.now() - timedelta(days=40)
    with clock.at(old):
        audit.record(need, "need.published", by=reviewer)
    token = current_origin.set(Origin("198.51.100.9", "r2"))
    audit.record(sme_owner, "user.updated", by=broker)
    current_origin.reset(token)
    first, second = f"郑审核 发布了需求 {need.title}", "吴经纪 修改了个人资料 陈立"
    assert said(desk) == [second, first]
    assert said(desk, person="郑审核") == [first]
    assert said(desk, person="broker@city.example") == [second]
    assert said(desk, action="need.published") == [first]
    assert said(desk, kind="accounts.user") == [second]
    assert said(desk, number=need.public_id) == [first]
    assert said(desk, address="198.51.100.9") == [second]
    assert said(desk, since=str(clock.today())) == [second]
    assert said(desk, until=str(clock.today() - timedelta(days=30))) == [first]
    assert said(desk, person="broker@city.example", action="need.published") == []


@pytest.mark.parametrize(
    "query",
    [
        {"person": "没有这个人"},
        {"address": "not an address"},
        {"since": "2026-05-02", "until": "2026-05-01"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"after": "nonsense_1"},
        {"after": "0001-01-01T00:00:00+23:59_1"},
        {"after": "9999-12-31T23:59:59-23:59_1"},
        {"after": "2026-01-01T00:00:00+00:00_x"},
        {"number": "a\x00b"},
        {"action": "no.such"},
    ],
)
def test_nonsense_is_answered_with_a_page(desk: Client, query: dict[str, str]) -> None:
    assert desk.get(URL, query).status_code == 200


def test_pages_go_on_where_the_one_before_ended_and_miss_nothing(desk: Client, need: Need) -> None:
    with clock.at(clock.now()):  # all at one moment: the number decides
        for _ in range(PAGE_SIZE + 7):
            audit.record(need, "need.edited", by=None)
    seen: list[int] = []
    query = ""
    for _ in range(3):
        context = desk.get(f"{URL}?{query}").context
        seen += [line.request_id == "" for line in context["lines"]]
        query = context["older"]
        if not query:
            break
    assert len(seen) == AuditEntry.objects.count() == PAGE_SIZE + 7


def test_what_was_seen_is_found_too(
    desk: Client, need: Need, sme_owner: User, university: Organisation, client_of: ClientOf
) -> None:
    case = make_engagement(proposal=make_proposal(need=need, capability=make_capability(organisation=university)))
    client = client_of(sme_owner)
    for _ in range(2):
        client.get(reverse("engagements:detail", args=[case.public_id]))
    client.get(reverse("matching:proposal", args=[case.proposal.public_id]))
    found = said(desk, what="views", person="陈立")
    assert len(found) == 2
    assert all("查看了双方联系方式" in line for line in found)


def test_who_looks_behind_an_anonymous_need_leaves_a_trace(
    need: Need, reviewer: User, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    for person in (reviewer, sme_owner, professor):
        client_of(person).get(reverse("needs:detail", args=[need.public_id]))
    Need.objects.filter(pk=need.pk).update(state="submitted")
    other = make_need(organisation=need.organisation, state="submitted")
    client_of(reviewer).get(reverse("review"), {"tab": "needs"})
    assert {(row.actor_id, row.object_id) for row in AccessEntry.objects.filter(action="owner.seen")} == {
        (reviewer.pk, need.pk),
        (reviewer.pk, other.pk),
    }


def test_taking_out_figures_leaves_a_trace(reviewer: User, client_of: ClientOf, taxonomy: None) -> None:
    client_of(reviewer).get(reverse("stats:export", args=["needs", "csv"]))
    assert AccessEntry.objects.get(action="export.made").detail["what"] == "needs"


def test_the_export_holds_what_the_search_finds_and_no_formula(desk: Client, need: Need, reviewer: User) -> None:
    audit.record(need, "need.edited", by=reviewer, changes={"name": "=1+1"})
    audit.record(need, "need.published", by=reviewer)
    answer: Any = desk.get(reverse("exports:list", args=["trail", "csv"]), {"action": "need.edited"})
    content = answer.getvalue().decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(content))
    assert (line["操作人"], line["代码"], line["对象编号"]) == ("郑审核", "need.edited", need.public_id)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line.values())
    assert AccessEntry.objects.get(action="export.made").detail["what"] == "list.trail"


def test_a_search_asks_few_queries_however_long_the_trail_is(
    desk: Client, need: Need, django_assert_max_num_queries: Any
) -> None:
    for _ in range(60):
        audit.record(need, "need.edited", by=None)
    with django_assert_max_num_queries(6):  # session, person with membership, entries, titles of one kind
        desk.get(URL)


def test_every_search_has_its_index() -> None:
    """By person, action, number and address the database goes to the entries, in their order, without sorting."""
    for condition in ({"person": [1]}, {"action": "need.edited"}, {"number": "abc"}, {"address": "192.0.2.1"}):
        rows = trail(condition).select_related(None)[:50]
        plan = rows.explain()
        if connection.vendor == "sqlite":
            assert "auditentry_" in plan, plan
            assert "TEMP B-TREE" not in plan, plan


def test_events_of_a_case_are_said_in_words() -> None:
    assert not {name for name in NAMES if name not in PHRASES}
    assert phrase_of("no.such") == "no.such"


def test_one_name_of_two_actions_is_told_by_what_it_was_done_to(desk: Client, need: Need, administrator: User) -> None:
    complaint = Report.objects.create(organisation=need.organisation, reporter=administrator, reason="other")
    monthly = MonthlyReport.objects.create(month=date(2026, 9, 1))
    for row in (complaint, monthly):
        audit.record(row, "report.asked", by=administrator)
    assert [line.split()[1] for line in said(desk)] == ["编制了月报", "请发布方核实被举报的内容"]
    answer: Any = desk.get(reverse("exports:list", args=["trail", "csv"]), {"kind": "review.report"})
    (line,) = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert line["动作"] == "请发布方核实被举报的内容"


def test_no_action_has_two_phrases() -> None:
    named = [action for group in (VIEWS, *CHANGES.values()) for action in group]
    assert len(named) == len(set(named))


def test_every_end_of_an_import_has_its_phrase() -> None:
    assert {f"import.{state}" for state in ENDED_STATES} <= PHRASES.keys()
    assert phrase_of("import.turned_back") == "导入有行出错，自动全部撤回"
