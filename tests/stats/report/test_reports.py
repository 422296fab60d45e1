"""Monthly reports: what they say, who may have them, and that each is made and told of once."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.core.models import AccessEntry
from apps.notifications.models import Notification
from apps.notifications.senders import email
from apps.notifications.senders.email import attach_files
from apps.stats.models import Target
from apps.stats.report import services
from apps.stats.report.comparing import LAST_MONTH, Measured, compared, sentence
from apps.stats.report.content import report_content
from apps.stats.report.models import MonthlyReport, ReportState, ReportSubscription, month_before
from apps.stats.report.pdf import report_pdf
from apps.stats.report.services import report_ask, report_make, reports_send, subscription_change
from apps.stats.tasks import make_report, reports
from tests.stats.conftest import Chance
from tests.stats.counting import Census, Wanted

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    hints: list[str] = []
    monkeypatch.setattr(services, "send_hint", hints.append)
    return hints


def measured(now: int, month: int, year: int, *, is_money: bool = False) -> Measured:
    return Measured("needs", "发布的需求", False, now, month, year, is_money)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (35, 30, "比上月增加 5 项（增长 16.7%）"),
        (30, 35, "比上月减少 5 项（下降 14.3%）"),
        (30, 30, "与上月持平"),
        (30, 0, "上月没有"),
        (0, 30, "上月为 30 项"),
        (0, 0, "上月也没有"),
        (90, 30, "比上月增加 60 项，是上月的 3.0 倍"),
    ],
)
def test_comparisons_are_sentences_also_with_nothing(now: int, before: int, said: str) -> None:
    with translation.override("zh-hans"):
        assert compared(measured(now, before, 0), before, LAST_MONTH) == said


def test_a_sentence_says_both_comparisons() -> None:
    with translation.override("zh-hans"):
        assert sentence(measured(35, 30, 0)) == "发布的需求：本月 35 项，比上月增加 5 项（增长 16.7%）；上年同月没有。"
        assert sentence(measured(0, 0, 0)) == "发布的需求：本月、上月和上年同月都没有。"
        assert sentence(measured(0, 2, 0)) == "发布的需求：本月没有；上月为 2 项，上年同月也没有。"


def test_one_is_counted_as_one_in_english() -> None:
    """And companies as companies."""
    firms = replace(measured(3, 2, 0), counts_companies=True)
    with translation.override("en"):
        assert measured(1, 0, 0).amount(1) == "1 item"
        assert compared(measured(3, 2, 0), 2, LAST_MONTH).startswith("up 1 item on")
        assert firms.amount(1_200) == "1,200 firms"
    with translation.override("zh-hans"):
        assert firms.amount(1_200) == "1,200 家"


def test_the_report_counts_what_the_pages_count(city: Chance) -> None:
    month = month_before(clock.today())
    with translation.override("zh-hans"):
        found = report_content(month=month, district=None, made_on=clock.today())
        pdf = report_pdf(found)
    last = clock.today().replace(day=1) - timedelta(days=1)
    headline = {row[0]: row[1] for row in found.tables[0].rows}
    for key, label in (("needs", "发布的需求"), ("engagements", "达成的对接"), ("outcomes", "确认的成效")):
        assert headline[label] == str(len(Census().counted(key, Wanted(month, last))))
    assert len(found.charts[0].labels) == 12
    assert pdf.startswith(b"%PDF")
    assert not re.search(r"None|nan|inf|—%", " ".join([*found.summary, *found.targets]))


def test_a_month_without_anything_can_be_reported(taxonomy: None) -> None:
    with translation.override("zh-hans"):
        found = report_content(month=date(2010, 1, 1), district=None, made_on=date(2010, 2, 1))
        assert report_pdf(found).startswith(b"%PDF")
    assert found.summary[-1] == "答复：本月没有发布需求。"


def test_a_report_is_asked_for_made_and_taken_away(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    client, month = client_of(reviewer), month_before(clock.today())
    asked = client.post(reverse("stats:report_build"), {"month": month.isoformat(), "region": "city"}, follow=True)
    report = MonthlyReport.objects.get()
    assert "正在编制" in asked.content.decode()
    assert client.get(reverse("stats:report_file", args=[report.public_id])).status_code == 404
    make_report(report.public_id)
    assert "下载 PDF" in client.get(reverse("stats:report_progress", args=[report.public_id])).content.decode()
    answer = client.get(reverse("stats:report_file", args=[report.public_id]))
    assert answer.content.startswith(b"%PDF")
    assert AccessEntry.objects.filter(action="export.made", actor=reviewer).count() == 1
    client.post(reverse("stats:report_again", args=[report.public_id]))
    assert MonthlyReport.objects.get().state == ReportState.WAITING
    assert client.get(reverse("stats:report_file", args=[report.public_id])).status_code == 200


def test_a_second_worker_leaves_a_report_to_the_first(reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_ask(month=month_before(clock.today()), district=None, by=reviewer)
    made: list[bool] = []

    def meanwhile(_report: Any) -> bytes:
        made.append(report_make(report.public_id))
        return b"%PDF first"

    monkeypatch.setattr(services, "report_pdf", meanwhile)
    assert report_make(report.public_id)
    assert made == [False]


def test_what_cannot_be_made_is_given_up(reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_ask(month=month_before(clock.today()), district=None, by=reviewer)
    monkeypatch.setattr(services, "report_pdf", lambda _report: 1 / 0)
    for _attempt in range(services.MOST_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            report_make(report.public_id)
        MonthlyReport.objects.update(lease_until=None)
    assert not report_make(report.public_id)
    assert MonthlyReport.objects.get().state == ReportState.FAILED


@pytest.mark.parametrize("who", ["sme_owner", "professor", "broker"])
def test_reports_are_for_officials(who: str, client_of: ClientOf, request: pytest.FixtureRequest, db: None) -> None:
    report = MonthlyReport.objects.create(month=date(2026, 1, 1), state="ready", content=b"%PDF", made_at=clock.now())
    client = client_of(request.getfixturevalue(who))
    assert client.get(reverse("stats:reports")).status_code == 403
    assert client.get(reverse("stats:report_file", args=[report.public_id])).status_code == 403
    assert client.post(reverse("stats:report_build"), {}).status_code == 403
    assert client.post(reverse("stats:report_subscribe"), {"day": 5, "region": "city"}).status_code == 403


def test_an_official_of_one_district_has_its_reports_alone(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    mine, other = city.terms["district"][:2]
    reviewer.covers_city = False
    reviewer.save()
    reviewer.districts.set([mine])
    month, client = month_before(clock.today()), client_of(reviewer)
    for district in (None, mine, other):
        MonthlyReport.objects.create(
            month=month, district=district, state="ready", content=b"%PDF", made_at=clock.now()
        )
    for report in MonthlyReport.objects.all():
        expected = 200 if report.district == mine else 404
        assert client.get(reverse("stats:report_file", args=[report.public_id])).status_code == expected
    with pytest.raises(NotAllowed):
        report_ask(month=month, district=None, by=reviewer)
    with pytest.raises(NotAllowed):
        subscription_change(user=reviewer, day=5, district=other)
    assert (
        "field-wrong"
        in client.post(reverse("stats:report_build"), {"month": month.isoformat(), "region": "city"}).content.decode()
    )


def test_a_subscriber_is_told_once_and_of_a_report_that_is_there(reviewer: User) -> None:
    subscription_change(user=reviewer, day=1, district=None)
    reports()
    assert not Notification.objects.exists()  # not made yet
    assert report_make(MonthlyReport.objects.get().public_id)
    assert reports_send() == 1
    assert reports_send() == 0
    told = Notification.objects.get()
    assert (told.recipient, told.url_name) == (reviewer, "stats:reports")
    assert ReportSubscription.objects.get().told_month == month_before(clock.today())


def test_who_is_no_official_any_more_is_not_told(reviewer: User) -> None:
    subscription_change(user=reviewer, day=1, district=None)
    reviewer.platform_role = ""
    reviewer.save()
    reports()
    assert not MonthlyReport.objects.exists()


def test_a_subscription_can_be_changed_and_ended(reviewer: User, client_of: ClientOf, taxonomy: None) -> None:
    client, url = client_of(reviewer), reverse("stats:report_subscribe")
    client.post(url, {"day": 7, "region": "city"})
    assert "每月 7 日" in client.get(reverse("stats:reports")).content.decode()
    assert "field-wrong" in client.post(url, {"day": 31, "region": "city"}).content.decode()
    client.post(url, {"end": "1"})
    assert not ReportSubscription.objects.exists()


def test_the_letter_brings_the_file_to_whom_it_may(reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    subscription_change(user=reviewer, day=1, district=None)
    reports()
    report = MonthlyReport.objects.get()
    report.content, report.state, report.made_at = b"%PDF-1.4", ReportState.READY, clock.now()
    report.save()
    assert reports_send() == 1
    told = Notification.objects.get()

    def attached() -> list[Any]:
        message = EmailMultiAlternatives("月报", "月报")
        attach_files(message, [Notification.objects.get()])
        return [(one.filename, one.content) for one in message.attachments]

    assert attached() == [(report.file_name, b"%PDF-1.4")]
    monkeypatch.setattr(email, "MOST_ATTACHED_BYTES", 7)
    assert attached() == []  # too large: the link stays
    monkeypatch.undo()
    told.recipient.covers_city = False
    told.recipient.save()
    assert attached() == []  # an official of some districts by now


def test_standing_targets_are_told_without_a_pace(taxonomy: None, broker: User) -> None:
    month = month_before(clock.today())
    Target.objects.filter(year=month.year).delete()
    Target.objects.create(year=month.year, measure="brokers", value=4)
    Target.objects.create(year=month.year, measure="technology_companies", value=200)
    with translation.override("zh-hans"):
        said = report_content(month=month, district=None, made_on=clock.today()).targets
    assert said == [
        "技术经纪人（人）：目前 1，为今年目标 4 的 25.0%。",
        "科技型企业（家）：目前 0，为今年目标 200 的 0.0%。",
    ]
