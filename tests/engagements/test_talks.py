"""Messages and meetings: for the two sides and their broker, and nobody else."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.engagements.models import EndReason, Engagement, Meeting, Message, MessageFile
from apps.engagements.services import (
    engagement_assign_broker,
    engagement_end,
    meeting_cancel,
    meeting_change,
    meeting_plan,
    message_send,
)
from tests.engagements.conftest import PNG

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> dict[str, Any]:
    starts_at = (clock.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    return {
        "title": "试样方案讨论",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "place": "胶州湾理工大学材料楼 201；腾讯会议，号码另发",
        "agenda": "一、工艺路线\n二、样件数量",
    }


@pytest.fixture
def meeting(engagement: Engagement, sme_owner: User, plan: dict[str, Any]) -> Meeting:
    return meeting_plan(engagement=engagement, by=sme_owner, **plan)


def address(name: str, row: Engagement | Meeting | MessageFile) -> str:
    return reverse(f"engagements:{name}", args=[row.public_id])


@pytest.mark.parametrize(("who", "voice"), [("sme_owner", "need"), ("colleague", "need"), ("professor", "capability")])
def test_both_sides_speak_each_for_itself(
    engagement: Engagement, who: str, voice: str, request: pytest.FixtureRequest
) -> None:
    message_send(engagement=engagement, by=request.getfixturevalue(who), text="下周寄样。")
    assert Message.objects.get().voice == voice


def test_the_cases_broker_speaks_and_another_broker_does_not(engagement: Engagement, broker: User) -> None:
    with pytest.raises(NotAllowed):
        message_send(engagement=engagement, by=broker, text="我来协调。")
    engagement_assign_broker(engagement=engagement, broker=broker, by=broker)
    message_send(engagement=engagement, by=broker, text="我来协调。")
    assert Message.objects.get().voice == "broker"


@pytest.mark.parametrize("who", ["stranger", "broker", "reviewer", "administrator"])
def test_nobody_else_reads_or_says_anything(
    engagement: Engagement, meeting: Meeting, who: str, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    message_send(engagement=engagement, by=engagement.proposal.need.contact, text="只有双方可见的话")  # type: ignore[arg-type]  # it has one
    user = request.getfixturevalue(who)
    assert not Message.objects.visible_to(user).exists()
    assert not Meeting.objects.visible_to(user).exists()
    client = client_of(user)
    assert client.get(address("talk", engagement)).status_code in (403, 404)
    assert client.get(address("meeting_invitation", meeting)).status_code == 404
    assert client.post(address("message_send", engagement), {"text": "你好"}).status_code in (403, 404)
    detail = client.get(address("detail", engagement)).content.decode()
    assert "只有双方可见的话" not in detail
    assert meeting.title not in detail
    assert address("talk", engagement) not in detail


def test_the_audit_trail_tells_that_something_was_said_and_not_what(engagement: Engagement, sme_owner: User) -> None:
    message_send(engagement=engagement, by=sme_owner, text="报价三十二万")
    entry = AuditEntry.objects.get(action="message.sent")
    assert "三十二万" not in str(entry.changes)


def test_a_form_sent_twice_makes_one_message(engagement: Engagement, sme_owner: User) -> None:
    key = uuid.uuid4()
    for _time in range(2):
        message_send(engagement=engagement, by=sme_owner, text="下周寄样。", form_key=key)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "长" * 2001, "含\x00控制字符"])
def test_a_message_says_something_that_can_be_kept(engagement: Engagement, sme_owner: User, text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        message_send(engagement=engagement, by=sme_owner, text=text)
    assert list(refused.value.message_dict) == ["text"]


def test_files_of_a_message_are_downloads_for_the_parties(
    engagement: Engagement, sme_owner: User, professor: User, reviewer: User, stranger: User, client_of: ClientOf
) -> None:
    uploads = [SimpleUploadedFile(f"样件{number}.png", PNG) for number in range(2)]
    sent = client_of(sme_owner).post(address("message_send", engagement), {"text": "样件照片", "upload": uploads})
    assert sent.status_code == 302
    assert [file.name for file in MessageFile.objects.all()] == ["样件0.png", "样件1.png"]
    url = address("message_file", MessageFile.objects.all()[0])
    assert client_of(professor).get(url).getvalue() == PNG
    assert client_of(reviewer).get(url).status_code == 404
    assert client_of(stranger).get(url).status_code == 404


def test_a_false_file_or_too_many_are_refused(engagement: Engagement, sme_owner: User, client_of: ClientOf) -> None:
    client, url = client_of(sme_owner), address("message_send", engagement)
    page = client.post(url, {"text": "图纸", "upload": SimpleUploadedFile("图纸.pdf", PNG)}).content.decode()
    assert "不符" in page
    many = [SimpleUploadedFile(f"{number}.png", PNG) for number in range(6)]
    assert "一次最多附 5 个文件" in client.post(url, {"text": "图纸", "upload": many}).content.decode()
    assert not Message.objects.exists()


def test_an_ended_case_is_read_and_not_spoken_in(engagement: Engagement, sme_owner: User, client_of: ClientOf) -> None:
    message_send(engagement=engagement, by=sme_owner, text="下周寄样。")
    engagement_end(engagement=engagement, by=sme_owner, reason=EndReason.COST)
    assert "下周寄样" in client_of(sme_owner).get(address("talk", engagement)).content.decode()
    with pytest.raises(NotAllowed):
        message_send(engagement=engagement, by=sme_owner, text="再见。")


def test_before_the_agreement_nobody_speaks(engagement: Engagement, sme_owner: User) -> None:
    Engagement.objects.update(awaits_agreement=True)
    with pytest.raises(NotAllowed, match="保密协议"):
        message_send(engagement=engagement, by=sme_owner, text="你好")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"place": ""}, "place"),
        ({"agenda": "长" * 1001}, "agenda"),
        ({"starts_at": clock.now() - timedelta(days=1)}, "starts_at"),
        ({"ends_at": clock.now() - timedelta(days=2)}, "ends_at"),
        ({"ends_at": datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))}, "ends_at"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(
    engagement: Engagement, sme_owner: User, plan: dict[str, Any], wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        meeting_plan(engagement=engagement, by=sme_owner, **plan | wrong)
    assert list(refused.value.message_dict) == [field]


def event_of(content: bytes) -> Any:
    events = Calendar.from_ical(content).walk("VEVENT")
    assert len(events) == 1
    return events[0]


def test_each_side_gets_its_own_invitation(
    engagement: Engagement,
    meeting: Meeting,
    sme_owner: User,
    professor: User,
    plan: dict[str, Any],
    client_of: ClientOf,
) -> None:
    told = {}
    for person in (sme_owner, professor):
        answer = client_of(person).get(address("meeting_invitation", meeting))
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
        told[person] = event_of(answer.content)
    assert str(told[sme_owner]["SUMMARY"]) == "试样方案讨论（胶州湾理工大学）"
    assert str(told[professor]["SUMMARY"]) == "试样方案讨论（青岛海岚精工有限公司）"
    event = told[professor]
    assert event["DTSTART"].dt == plan["starts_at"]
    assert isinstance(event["DTEND"].dt, datetime)
    assert str(event["LOCATION"]) == plan["place"]
    assert str(event["DESCRIPTION"]) == plan["agenda"]
    assert str(event["URL"]).endswith(address("talk", engagement))
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CONFIRMED", 0)


def test_a_changed_and_a_cancelled_meeting_keep_their_name_and_count_up(
    meeting: Meeting, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    url = address("meeting_invitation", meeting)

    def downloaded() -> tuple[str, Any]:
        content = client_of(professor).get(url).content
        return str(Calendar.from_ical(content)["METHOD"]), event_of(content)

    method, first = downloaded()
    assert method == "PUBLISH"
    later = meeting.starts_at + timedelta(days=1)
    meeting_change(meeting=meeting, by=professor, place="线上", starts_at=later, ends_at=later + timedelta(hours=1))
    method, moved = downloaded()
    assert (method, int(moved["SEQUENCE"]), str(moved["STATUS"])) == ("PUBLISH", 1, "CONFIRMED")
    assert (moved["DTSTART"].dt, str(moved["LOCATION"])) == (later, "线上")
    assert moved["DTSTAMP"].dt >= first["DTSTAMP"].dt
    meeting_cancel(meeting=meeting, by=sme_owner)
    method, last = downloaded()
    assert method == "CANCEL"
    assert str(first["UID"]) == str(moved["UID"]) == str(last["UID"])
    assert (str(last["STATUS"]), int(last["SEQUENCE"])) == ("CANCELLED", 2)
    with pytest.raises(StateConflict):
        meeting_change(meeting=meeting, by=sme_owner, place="别处")


def test_the_calendar_file_is_in_the_citys_time_and_names_nobodys_address(
    meeting: Meeting, professor: User, sme_owner: User, client_of: ClientOf
) -> None:
    content = client_of(professor).get(address("meeting_invitation", meeting)).content
    calendar = Calendar.from_ical(content)
    assert event_of(content)["DTSTART"].params["TZID"] == "Asia/Shanghai"
    zone: Any = calendar.walk("VTIMEZONE")[0]
    assert str(zone["TZID"]) == "Asia/Shanghai"
    assert [offset["TZOFFSETTO"].td for offset in zone.subcomponents][-1] == timedelta(hours=8)
    text = content.decode().replace("\r\n ", "")
    assert not any(person.email in text for person in (sme_owner, professor))
    assert not list(calendar.walk("VALARM"))
    assert "ATTENDEE" not in event_of(content)


def test_a_meeting_is_planned_changed_and_cancelled_on_the_pages(
    engagement: Engagement, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    day = (clock.today() + timedelta(days=3)).isoformat()
    filled = {"title": "试样讨论", "place": "材料楼", "starts_at": f"{day}T09:30", "ends_at": f"{day}T10:30"}
    client = client_of(sme_owner)
    wrong = client.post(address("meeting_plan", engagement), filled | {"ends_at": f"{day}T09:00"}).content.decode()
    assert "结束时间应晚于开始时间" in wrong
    ancient = client.post(address("meeting_plan", engagement), filled | {"ends_at": "0001-01-01T00:00"})
    assert "日期不对，请检查年份" in ancient.content.decode()
    assert client.post(address("meeting_plan", engagement), filled).status_code == 302
    row = Meeting.objects.get()
    page = client_of(professor).get(address("talk", engagement)).content.decode()
    assert f"{day} 09:30–10:30" in page
    form = client_of(professor).get(address("meeting_change", row)).content.decode()
    assert f'value="{day}T09:30"' in form
    assert client_of(professor).post(address("meeting_change", row), filled | {"place": "线上"}).status_code == 302
    assert client.post(address("meeting_cancel", row)).status_code == 302
    assert "已取消" in client.get(address("talk", engagement)).content.decode()


def test_a_meeting_the_other_side_moved_is_not_moved_back_unseen(
    meeting: Meeting, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    client, url = client_of(sme_owner), address("meeting_change", meeting)
    opened = client.get(url).context["form"]
    typed = {name: str(opened[name].value() or "") for name in ("title", "place", "agenda", "seen")} | {
        name: f"{opened[name].value():%Y-%m-%dT%H:%M}" for name in ("starts_at", "ends_at")
    }
    typed |= {"agenda": "一、报价"}
    later = meeting.starts_at + timedelta(days=1)
    meeting_change(meeting=meeting, by=professor, starts_at=later, ends_at=later + timedelta(hours=1))
    answer = client.post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    for text in (f"{professor.name} 在", localize(timezone.localtime(later)), "一、报价", typed["starts_at"]):
        assert text in page
    assert Meeting.objects.get().starts_at == later
    seen = re.findall(r'name="seen" value="([^"]*)"', page)[0]
    assert client.post(url, typed | {"seen": seen}).status_code == 302
    assert (Meeting.objects.get().starts_at, Meeting.objects.get().agenda) == (meeting.starts_at, "一、报价")


def test_a_meeting_cancelled_meanwhile_is_told_and_not_saved(
    meeting: Meeting, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    client, url = client_of(sme_owner), address("meeting_change", meeting)
    form = client.get(url).context["form"]
    day = (clock.today() + timedelta(days=3)).isoformat()
    typed = {"title": "改名", "place": "线上", "starts_at": f"{day}T09:30", "ends_at": f"{day}T10:30"}
    meeting_cancel(meeting=meeting, by=professor)
    told = client.post(url, typed | {"seen": form["seen"].value()}, follow=True)
    assert "这次会议已经取消" in told.content.decode()
    assert Meeting.objects.get().title == meeting.title


def test_the_page_asks_the_same_number_of_queries_for_many_messages(
    engagement: Engagement,
    sme_owner: User,
    plan: dict[str, Any],
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(5):
        upload = SimpleUploadedFile("样件.png", PNG)
        message_send(engagement=engagement, by=sme_owner, text=f"第{number}条", uploads=[upload])
        meeting_plan(engagement=engagement, by=sme_owner, **plan)
    client = client_of(sme_owner)
    with django_assert_num_queries(10):  # 2 for the person, case with 3 lists, waits, meetings, messages and files
        client.get(address("talk", engagement))
