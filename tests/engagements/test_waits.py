"""The reply clock of a case: who is waited for, until when, one reminder, and then the desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.capabilities.services import capability_archive
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.core.working_days import reply_due_at
from apps.engagements.desk.settling import message_settle
from apps.engagements.desk.sweep import bring_waits, remind_of_steps, remind_of_waits
from apps.engagements.models import Engagement, Outcome, Referral, ReferralResult, Wait
from apps.engagements.services import (
    Plan,
    engagement_advance,
    engagement_end,
    engagement_plan,
    message_send,
    outcome_confirm,
    outcome_correct,
    outcome_reject,
    outcome_report,
)
from apps.engagements.to_do import waiting_in_cases
from apps.needs.models import NeedState
from apps.needs.services import need_expire
from apps.notifications.models import Notification

ClientOf = Callable[[User], Client]
Columns = Callable[..., dict[str, Any]]


def waiting() -> list[tuple[str, str]]:
    return list(Wait.objects.open().order_by("kind", "side").values_list("kind", "side"))


def test_a_message_waits_for_the_other_side_and_an_answer_turns_it_round(
    engagement: Engagement, sme_owner: User, professor: User
) -> None:
    message_send(engagement=engagement, by=sme_owner, text="何时可以寄样？")
    assert waiting() == [("message", "capability")]
    wait = Wait.objects.get()
    assert wait.due_at == reply_due_at(wait.asked_at)
    message_send(engagement=engagement, by=professor, text="下周二。")
    assert waiting() == [("message", "need")]


def test_asking_again_does_not_give_more_time(engagement: Engagement, sme_owner: User) -> None:
    message_send(engagement=engagement, by=sme_owner, text="何时可以寄样？")
    with clock.at(clock.now() + timedelta(days=2)):
        message_send(engagement=engagement, by=sme_owner, text="还在吗？")
    assert Wait.objects.count() == 1


def test_whatever_a_side_does_answers_its_messages(engagement: Engagement, sme_owner: User, professor: User) -> None:
    message_send(engagement=engagement, by=sme_owner, text="请推进到洽谈。")
    engagement_advance(engagement=engagement, by=professor)
    assert waiting() == []


def test_a_message_that_asks_for_nothing_is_settled_by_the_side_that_got_it(
    engagement: Engagement, sme_owner: User, professor: User, stranger: User, client_of: ClientOf
) -> None:
    message_send(engagement=engagement, by=sme_owner, text="谢谢！")
    with pytest.raises(NotAllowed):
        message_settle(engagement=engagement, by=stranger)
    message_settle(engagement=engagement, by=sme_owner)
    assert waiting() == [("message", "capability")]
    talk = reverse("engagements:talk", args=[engagement.public_id])
    assert "已读，无需回复" in client_of(professor).get(talk).content.decode()
    assert "已读，无需回复" not in client_of(sme_owner).get(talk).content.decode()
    client_of(professor).post(reverse("engagements:message_settle", args=[engagement.public_id]))
    assert waiting() == []


@pytest.mark.parametrize(
    ("asked", "sides"),
    [
        ("", {"need", "capability"}),
        ("both", {"need", "capability"}),
        ("need", {"need"}),
        ("capability", {"capability"}),
        ("nobody", set()),
    ],
)
def test_a_broker_s_message_waits_for_whom_it_asks(
    engagement: Engagement, broker: User, asked: str, sides: set[str]
) -> None:
    Engagement.objects.update(broker=broker)
    message_send(engagement=engagement, by=broker, text="请报一下进度。", asked=asked)
    assert {side for _kind, side in waiting()} == sides
    assert all(wait.due_at == reply_due_at(wait.asked_at) for wait in Wait.objects.all())


def test_each_side_answers_a_broker_for_itself(
    engagement: Engagement, broker: User, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    Engagement.objects.update(broker=broker, owner=broker)
    message_send(engagement=engagement, by=broker, text="请报一下进度。")
    assert [task.title for task in waiting_in_cases(professor)] == ["请回复技术经纪人的消息"]
    message_send(engagement=engagement, by=sme_owner, text="样件已寄出。")
    assert waiting() == [("message", "capability")]
    message_settle(engagement=engagement, by=professor)
    assert waiting() == []


def test_only_a_broker_says_who_is_to_answer(
    engagement: Engagement, broker: User, sme_owner: User, client_of: ClientOf
) -> None:
    Engagement.objects.update(broker=broker)
    with pytest.raises(ValidationError):
        message_send(engagement=engagement, by=sme_owner, text="谢谢！", asked="nobody")
    talk = reverse("engagements:talk", args=[engagement.public_id])
    assert "请谁回复" not in client_of(sme_owner).get(talk).content.decode()
    send = reverse("engagements:message_send", args=[engagement.public_id])
    client_of(broker).post(send, {"text": "何时可以寄样？", "asked": "capability"})
    assert waiting() == [("message", "capability")]
    page = client_of(broker).get(talk).content.decode()
    assert "请谁回复" in page
    assert "请供给方回复" in page
    assert "技术经纪人的消息等对方回复" in client_of(sme_owner).get(talk).content.decode()


def test_a_broker_s_unanswered_message_stays_at_the_desk_until_both_have_answered(
    engagement: Engagement, broker: User, sme_owner: User, professor: User
) -> None:
    Engagement.objects.update(broker=broker)
    message_send(engagement=engagement, by=broker, text="请报一下进度。")
    with clock.at(Wait.objects.latest("due_at").due_at + timedelta(minutes=1)):
        assert bring_waits() == 2
        matter = Referral.objects.get(kind="message_unanswered")
        message_send(engagement=engagement, by=sme_owner, text="样件已寄出。")
        matter.refresh_from_db()
        assert matter.is_open
        message_settle(engagement=engagement, by=professor)
        matter.refresh_from_db()
        assert not matter.is_open


def test_an_outcome_waits_until_it_is_confirmed(reported: Outcome, professor: User) -> None:
    assert waiting() == [("outcome", "capability")]
    outcome_confirm(outcome=reported, by=professor)
    assert waiting() == []


def test_a_rejected_outcome_waits_again_once_it_is_corrected(
    reported: Outcome, sme_owner: User, professor: User
) -> None:
    outcome_reject(outcome=reported, by=professor, reason="数据不对")
    assert waiting() == []
    outcome_correct(outcome=reported, by=sme_owner, description="换用激光熔覆后，轧辊寿命由三个月提高到七个月。")
    assert waiting() == [("outcome", "capability")]


def test_an_ended_case_waits_for_outcomes_only(
    engagement: Engagement, reported: Outcome, sme_owner: User, professor: User
) -> None:
    message_send(engagement=engagement, by=professor, text="收到。")
    engagement_end(engagement=engagement, by=professor, reason="cost")
    assert waiting() == [("outcome", "capability")]


def test_one_reminder_then_the_desk_and_an_answer_takes_it_off(
    engagement: Engagement, sme_owner: User, professor: User
) -> None:
    message_send(engagement=engagement, by=sme_owner, text="何时可以寄样？")
    wait = Wait.objects.get()
    assert (remind_of_waits(), bring_waits()) == (0, 0)
    with clock.at(wait.due_at - timedelta(hours=1)):
        assert remind_of_waits() == 1
        assert remind_of_waits() == 0
        assert bring_waits() == 0
    told = Notification.objects.get(kind="engagements.wait_message")
    assert (told.recipient, told.topic, told.is_by_name) == (professor, "replies", True)
    with clock.at(wait.due_at + timedelta(minutes=1)):
        assert bring_waits() == 1
        assert bring_waits() == 0
        message_send(engagement=engagement, by=professor, text="抱歉，下周二。")
    assert Referral.objects.get(kind="message_unanswered").result == ReferralResult.LAPSED


def test_the_matter_stays_while_another_outcome_is_late(
    engagement: Engagement, reported: Outcome, sme_owner: User, professor: User, columns: Columns
) -> None:
    other = outcome_report(engagement=engagement, by=sme_owner, **columns())
    with clock.at(clock.now() + timedelta(days=30)):
        assert bring_waits() == 2
        outcome_confirm(outcome=reported, by=professor)
        assert Referral.objects.get(kind="outcome_unanswered").is_open
        outcome_confirm(outcome=other, by=professor)
    assert not Referral.objects.get(kind="outcome_unanswered").is_open


def test_the_owner_of_a_step_is_reminded_the_day_before_once(engagement: Engagement, professor: User) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    engagement_plan(engagement=engagement, by=professor, plan=Plan(professor, "寄样", tomorrow))
    remind_of_steps()
    remind_of_steps()
    assert Notification.objects.filter(kind="engagements.step_tomorrow", recipient=professor).count() == 1


def test_both_sides_see_how_much_time_is_left(
    engagement: Engagement, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    message_send(engagement=engagement, by=sme_owner, text="何时可以寄样？")
    url = reverse("engagements:detail", args=[engagement.public_id])
    assert "有消息等您回复" in client_of(professor).get(url).content.decode()
    page = client_of(sme_owner).get(url).content.decode()
    assert "您的消息等对方回复" in page
    assert "个工作日" in page


def test_what_waits_is_told_to_whom_it_waits_for(
    engagement: Engagement, reported: Outcome, sme_owner: User, colleague: User, professor: User, stranger: User
) -> None:
    message_send(engagement=engagement, by=sme_owner, text="何时可以寄样？")
    engagement_plan(engagement=engagement, by=sme_owner, plan=Plan(colleague, "准备样件", clock.today()))
    assert {task.title for task in waiting_in_cases(professor)} == {"请回复对方的消息", "请确认成效：工艺改造"}
    assert [task.title for task in waiting_in_cases(colleague)] == ["准备样件"]
    assert waiting_in_cases(sme_owner) == []
    assert waiting_in_cases(stranger) == []
    assert all(task.due_at for task in waiting_in_cases(professor))


def test_a_running_case_outlives_its_capability_and_its_need(
    engagement: Engagement, sme_owner: User, professor: User, columns: Columns
) -> None:
    """The partner takes the resource from the catalogue, the need's last day passes: the two go on."""
    pair = engagement.proposal
    capability_archive(capability=pair.capability, by=professor)
    pair.need.state, pair.need.valid_until = NeedState.PUBLISHED, clock.today() - timedelta(days=1)
    pair.need.save()
    need_expire(need=pair.need)
    message_send(engagement=engagement, by=sme_owner, text="我们继续。")
    engagement_advance(engagement=engagement, by=professor)
    outcome = outcome_report(engagement=engagement, by=sme_owner, **columns())
    outcome_confirm(outcome=outcome, by=professor)
    assert Engagement.objects.get().state == "negotiating"
