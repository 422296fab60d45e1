"""Letters: whose language, which lines, what happens where the mail server refuses or a worker dies."""

import re
import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.notifications import outbox, tasks
from apps.notifications.models import Channel, Delivery, DeliveryState, Notification, Preference, Recipient
from apps.notifications.senders import SENDERS, email
from tests.notifications.conftest import CITY, NIGHT, NOON, make_due, only_notification

pytestmark = pytest.mark.django_db
Tell = Callable[..., int]


def send_all(moment: Any = NOON) -> None:
    with clock.at(moment):
        for letter in make_due():
            tasks.send(letter)


def only_letter() -> EmailMultiAlternatives:
    (letter,) = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    return letter


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_letter_has_text_and_html_and_leads_to_the_page(tell: Tell, sme_owner: User) -> None:
    tell(sme_owner)
    send_all()
    letter = only_letter()
    assert letter.to == [sme_owner.email]
    assert letter.subject == "“轧辊耐磨涂层”有新的回应"
    html = str(letter.alternatives[0][0])
    link = f"/notifications/{only_notification().public_id}/open/"
    for body in (str(letter.body), html):
        assert "陈立" in body
        assert "胶州湾理工大学 接受了推荐" in body
        assert link in body
    assert states() == ["sent"]


def test_what_people_write_does_not_become_markup(tell: Tell, sme_owner: User) -> None:
    tell(sme_owner, params={"need": "<b>轧辊</b>", "who": "<script>"})
    send_all()
    letter = only_letter()
    assert "<script>" not in str(letter.alternatives[0][0])
    assert "<b>轧辊</b>" in str(letter.body)


@pytest.mark.parametrize(("language", "subject"), [("zh-hans", "需求大厅"), ("en", "Needs board")])
def test_a_letter_is_in_the_language_of_its_recipient(tell: Tell, sme_owner: User, language: str, subject: str) -> None:
    Recipient.objects.create(user=sme_owner, language=language)
    tell(sme_owner, kind="tests.translated", params={})
    send_all()
    assert mail.outbox[0].subject == subject


def test_a_digest_is_one_letter_with_its_lines_by_topic(tell: Tell, sme_owner: User, professor: User) -> None:
    with clock.at(NOON):
        for number, topic in enumerate(["contracts", "proposals", "contracts"]):
            tell(
                sme_owner,
                professor,
                topic=topic,
                event_key=str(number),
                by_name=False,
                params={"need": f"事{number}", "who": ""},
            )
    send_all(NOON + timedelta(days=1))
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([sme_owner.email, professor.email])
    body = str(mail.outbox[0].body)
    assert mail.outbox[0].subject == "今日汇总：3 条通知"
    places = [body.index(text) for text in ("【推荐】", "事1", "【合同与到账】", "事0", "事2")]
    assert places == sorted(places)


def test_a_digest_leaves_out_what_was_read_and_is_never_empty(tell: Tell, sme_owner: User) -> None:
    tell(sme_owner, by_name=False)
    Notification.objects.update(read_at=timezone.now())
    send_all()
    assert not mail.outbox
    assert states() == ["dropped"]


@pytest.mark.parametrize("change", ["left", "turned_off", "closed", "unconfirmed"])
def test_nothing_is_sent_to_who_may_no_longer_read_it_or_does_not_want_to(
    tell: Tell, sme_owner: User, enterprise: Organisation, change: str
) -> None:
    tell(sme_owner, organisation=enterprise)
    if change == "left":
        sme_owner.membership.delete()
    elif change == "turned_off":
        Preference.objects.create(user=sme_owner, topic="engagements", email="never")
    elif change == "closed":
        User.objects.filter(pk=sme_owner.pk).update(is_active=False)
    else:
        User.objects.filter(pk=sme_owner.pk).update(email_confirmed_at=None)
    send_all()
    assert not mail.outbox
    assert states() == ["dropped"]


def test_quiet_hours_hold_a_letter_back_until_the_morning(tell: Tell, sme_owner: User) -> None:
    """Also one that was planned for the day and comes late."""
    with clock.at(NOON):
        tell(sme_owner)
    send_all(NIGHT)
    row = Delivery.objects.get()
    assert not mail.outbox
    assert (row.state, row.attempts) == ("due", 0)
    assert f"{row.due_at.astimezone(CITY):%m-%d %H:%M}" == "11-19 08:00"
    send_all(NOON + timedelta(days=1))
    assert len(mail.outbox) == 1


def test_my_own_quiet_hours_count(tell: Tell, sme_owner: User) -> None:
    Recipient.objects.create(user=sme_owner, quiet_from="11:30", quiet_until="13:30")
    with clock.at(NOON):
        tell(sme_owner)
    assert f"{Delivery.objects.get().due_at.astimezone(CITY):%H:%M}" == "13:30"


def test_a_letter_is_sent_once_however_often_workers_are_told(tell: Tell, sme_owner: User) -> None:
    tell(sme_owner)
    send_all()
    letter = Delivery.objects.get().letter
    for _ in range(3):
        tasks.send(letter)
    tasks.send("gone")
    assert len(mail.outbox) == 1


def test_a_worker_that_dies_after_sending_leaves_a_second_letter_under_the_same_message_id(
    tell: Tell, sme_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once: between the mail server's word and our own note of it nothing can be made one."""
    tell(sme_owner)
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "finish", _die)
        with pytest.raises(SystemExit):
            send_all()
    assert states() == ["sending"]
    letter = Delivery.objects.get().letter
    with clock.at(NOON):
        tasks.send(letter)
    assert len(mail.outbox) == 1  # the lease holds
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    with clock.at(NOON):
        tasks.send(letter)
    first, second = (letter.message()["Message-ID"] for letter in mail.outbox)
    assert first == second
    assert states() == ["sent"]


def _die(rows: list[Delivery], _state: str) -> None:
    if rows:
        raise SystemExit


def test_different_letters_have_different_message_ids(tell: Tell, sme_owner: User, professor: User) -> None:
    tell(sme_owner, professor)
    send_all()
    assert len({letter.message()["Message-ID"] for letter in mail.outbox}) == 2


def test_a_line_that_comes_after_its_letter_left_goes_into_the_next(tell: Tell, sme_owner: User) -> None:
    with clock.at(NOON):
        tell(sme_owner, by_name=False)
    send_all(NOON + timedelta(days=1))
    sent = Delivery.objects.get()
    tell(sme_owner, by_name=False, event_key="late")
    Delivery.objects.exclude(pk=sent.pk).update(letter=sent.letter, due_at=sent.due_at)
    with clock.at(NOON + timedelta(days=1)):
        tasks.send(sent.letter)
    late = Delivery.objects.exclude(pk=sent.pk).get()
    assert len(mail.outbox) == 1
    assert late.letter != sent.letter
    assert f"{late.due_at.astimezone(CITY):%m-%d %H:%M}" == "11-20 08:30"


# ---- When it does not work -----------------------------------------------------------------------------------------
def failing_with(monkeypatch: pytest.MonkeyPatch, method: str, error: Exception) -> None:
    def fail(*_arguments: Any) -> None:
        raise error

    monkeypatch.setattr(EmailBackend, method, fail)


def test_while_no_mail_server_answers_letters_wait_and_nothing_counts_as_an_attempt(
    tell: Tell, sme_owner: User, professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(sme_owner, professor)
    with monkeypatch.context() as patched:
        failing_with(patched, "open", ConnectionRefusedError())
        letters = make_due()
        with clock.at(NOON):
            tasks.send(letters[0])
    assert states() == ["due", "due"]
    assert set(Delivery.objects.values_list("due_at", "attempts")) == {(NOON + timedelta(minutes=1), 0)}
    send_all()
    assert len(mail.outbox) == 2


def test_a_letter_that_the_server_will_not_take_now_is_tried_again_later_each_time(
    tell: Tell, sme_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(sme_owner)
    failing_with(monkeypatch, "send_messages", smtplib.SMTPDataError(451, b"try later"))
    waits = []
    while states() == ["due"]:
        send_all()
        waits.append(Delivery.objects.get().due_at - NOON)
    row = Delivery.objects.get()
    assert waits[:-1] == outbox.PATIENCE
    assert (row.state, row.attempts, row.error) == ("failed", outbox.MOST_ATTEMPTS, "SMTP 451")


def test_an_address_that_does_not_exist_is_not_tried_again(
    tell: Tell, sme_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(sme_owner)
    failing_with(monkeypatch, "send_messages", smtplib.SMTPRecipientsRefused({sme_owner.email: (550, b"unknown")}))
    send_all()
    assert Delivery.objects.get().state == DeliveryState.FAILED
    assert sme_owner.email not in Delivery.objects.get().error


def test_a_letter_that_cannot_be_made_stops_no_other(
    tell: Tell, sme_owner: User, professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(sme_owner, professor)
    whole = email.message_of
    monkeypatch.setattr(
        email, "message_of", lambda text, user, **options: 1 // 0 if user == sme_owner else whole(text, user, **options)
    )
    send_all()
    assert [letter.to for letter in mail.outbox] == [[professor.email]]
    assert sorted(states()) == ["due", "sent"]
    assert "ZeroDivisionError" in Delivery.objects.get(state="due").error


def test_a_letter_whose_every_attempt_ended_without_a_word_has_failed(tell: Tell, sme_owner: User) -> None:
    tell(sme_owner)
    Delivery.objects.update(
        state="sending", attempts=outbox.MOST_ATTEMPTS, lease_until=timezone.now() - timedelta(seconds=1)
    )
    tasks.reconcile()
    assert states() == ["failed"]


def test_what_a_lost_message_left_behind_is_found(tell: Tell, sme_owner: User, hints: list[str]) -> None:
    tell(sme_owner)
    letters = make_due()
    tasks.reconcile()
    assert hints == letters


def test_a_worker_that_lost_its_claim_marks_nothing(tell: Tell, sme_owner: User) -> None:
    tell(sme_owner)
    (letter,) = make_due()
    late = outbox.claim(letter)
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert len(outbox.claim(letter)) == 1
    assert outbox.finish(late, DeliveryState.FAILED) == 0
    assert states() == ["sending"]


def test_sending_knows_both_channels() -> None:
    assert set(SENDERS) == set(Channel)


# ---- The way out ---------------------------------------------------------------------------------------------------
def test_a_letter_says_how_to_end_it_to_people_and_to_mail_programs(tell: Tell, sme_owner: User) -> None:
    tell(sme_owner)
    send_all()
    (letter,) = mail.outbox
    message = letter.message()
    assert re.fullmatch(r"<http\S+/notifications/unsubscribe/\S+/>", message["List-Unsubscribe"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.search(r"不再接收“对接进展”邮件：http\S+/notifications/unsubscribe/\S+/", str(letter.body))
