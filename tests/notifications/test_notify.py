"""Telling: once per event and person, to those it is for, as often as each wants."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import NoReverseMatch
from django.utils.translation import override

from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.notifications import kinds
from apps.notifications.models import Channel, Delivery, GroupPreference, GroupRobot, Notification, Preference
from apps.notifications.silence import without_notifications
from tests.notifications.conftest import NIGHT, NOON, only_notification

pytestmark = pytest.mark.django_db
Tell = Callable[..., int]
Capture = Callable[..., Any]


def test_a_person_is_told_once_of_an_event_however_often_it_is_reported(tell: Tell, sme_owner: User) -> None:
    assert tell(sme_owner) == 1
    assert tell(sme_owner) == 0
    assert Notification.objects.count() == Delivery.objects.count() == 1


def test_a_person_who_is_named_twice_is_told_once(tell: Tell, sme_owner: User) -> None:
    assert tell(sme_owner, User.objects.get(pk=sme_owner.pk)) == 1


def test_who_was_not_told_yet_is_told(tell: Tell, sme_owner: User, colleague: User) -> None:
    tell(sme_owner)
    assert tell(sme_owner, colleague) == 1
    assert set(Notification.objects.values_list("recipient", flat=True)) == {sme_owner.pk, colleague.pk}


def test_another_event_is_told_too(tell: Tell, sme_owner: User) -> None:
    tell(sme_owner)
    assert tell(sme_owner, event_key="proposal:abc:declined") == 1


def test_an_account_that_is_closed_is_told_nothing(tell: Tell, sme_owner: User) -> None:
    sme_owner.is_active = False
    assert tell(sme_owner) == 0


def test_nothing_is_left_where_the_change_is_not(tell: Tell, sme_owner: User, hints: list[str]) -> None:
    with transaction.atomic():
        tell(sme_owner)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert not hints


def test_workers_are_told_when_the_change_is_stored(
    tell: Tell, sme_owner: User, hints: list[str], django_capture_on_commit_callbacks: Capture
) -> None:
    with clock.at(NOON), django_capture_on_commit_callbacks(execute=True):
        tell(sme_owner)
        assert not hints
    assert hints == [Delivery.objects.get().letter]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"topic": "weather"}, LookupError),
        ({"kind": "tests.unknown"}, LookupError),
        ({"url_name": "nowhere:nothing"}, NoReverseMatch),
        ({"params": {"need": "轧辊"}}, LookupError),
        ({"params": {"need": object(), "who": ""}}, TypeError),
    ],
)
def test_a_mistake_of_the_caller_is_told_at_once(
    tell: Tell, sme_owner: User, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        tell(sme_owner, **changes)


def test_histories_that_are_written_today_tell_nobody(tell: Tell, sme_owner: User) -> None:
    with without_notifications():
        assert tell(sme_owner) == 0
    assert tell(sme_owner) == 1


def test_what_concerns_me_by_name_comes_at_once(tell: Tell, sme_owner: User) -> None:
    with clock.at(NOON):
        tell(sme_owner)
    assert Delivery.objects.get().due_at == NOON


def test_what_does_not_waits_for_the_digest_even_where_i_chose_at_once(tell: Tell, sme_owner: User) -> None:
    Preference.objects.create(user=sme_owner, topic="engagements", email="at_once")
    with clock.at(NOON):
        tell(sme_owner, by_name=False)
    row = Delivery.objects.get()
    assert (row.frequency, f"{row.due_at.astimezone(NOON.tzinfo):%m-%d %H:%M}") == ("daily", "11-19 08:30")


def test_a_topic_that_i_turned_off_sends_no_letter_and_stays_in_the_inbox(tell: Tell, sme_owner: User) -> None:
    Preference.objects.create(user=sme_owner, topic="engagements", email="never")
    assert tell(sme_owner) == 1
    assert not Delivery.objects.exists()
    assert only_notification().is_in_inbox


def test_what_i_hide_from_the_inbox_still_counts_as_told(tell: Tell, sme_owner: User) -> None:
    Preference.objects.create(user=sme_owner, topic="engagements", email="at_once", is_in_inbox=False)
    assert [tell(sme_owner), tell(sme_owner)] == [1, 0]
    assert not only_notification().is_in_inbox


def test_a_night_makes_one_letter(tell: Tell, sme_owner: User) -> None:
    with clock.at(NIGHT):
        for number in range(3):
            tell(sme_owner, event_key=f"event:{number}")
    assert Delivery.objects.values("letter").distinct().count() == 1


def test_a_group_hears_once_of_what_several_of_its_people_are_told(
    tell: Tell, sme_owner: User, colleague: User, enterprise: Organisation, robot: GroupRobot
) -> None:
    tell(sme_owner, organisation=enterprise)
    tell(colleague, organisation=enterprise)
    assert Notification.objects.count() == 2
    assert Delivery.objects.filter(channel=Channel.GROUP).count() == 1


def test_a_group_hears_nothing_of_accounts_nor_of_what_its_owners_turned_off(
    tell: Tell, sme_owner: User, enterprise: Organisation, robot: GroupRobot
) -> None:
    GroupPreference.objects.create(robot=robot, topic="contracts", frequency="never")
    for topic in ("account", "contracts", "searches"):
        tell(sme_owner, organisation=enterprise, topic=topic, event_key=topic)
    assert not Delivery.objects.filter(channel=Channel.GROUP).exists()


def test_what_one_is_told_as_oneself_stays_out_of_the_group(tell: Tell, sme_owner: User, robot: GroupRobot) -> None:
    tell(sme_owner)
    assert not Delivery.objects.filter(channel=Channel.GROUP).exists()


def test_telling_a_thousand_takes_as_many_queries_as_telling_one(
    tell: Tell, sme_owner: User, colleague: User, stranger: User, django_assert_num_queries: Capture
) -> None:
    with clock.at(NOON), django_assert_num_queries(8):  # two of them open and close the savepoint
        tell(sme_owner)
    with clock.at(NOON), django_assert_num_queries(8):
        tell(colleague, stranger, event_key="another")


def test_a_kind_keeps_its_name() -> None:
    kinds.register(kinds.Kind("tests.accepted", "“%(need)s”有新的回应", "%(who)s 接受了推荐"))
    with pytest.raises(ValueError, match=r"tests\.accepted"):
        kinds.register(kinds.Kind("tests.accepted", "别的话"))


def test_the_title_is_one_line_whatever_people_call_their_needs() -> None:
    text = kinds.text_of("tests.accepted", {"need": "轧辊\n\rBcc: all", "who": ""}, topic="engagements")
    assert text.title == "“轧辊 Bcc: all”有新的回应"


def test_a_kind_that_is_gone_leaves_its_topic() -> None:
    assert kinds.text_of("gone.kind", {}, topic="contracts").title == "合同与到账"
    with override("en"):
        assert kinds.text_of("gone.kind", {}, topic="contracts").title == "Contracts and payments"
