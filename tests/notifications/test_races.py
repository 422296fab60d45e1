"""Two workers, or two changes, at the same moment: real threads, real transactions, on either database."""

from collections.abc import Callable

import pytest
from django.core import mail

from apps.accounts.models import User
from apps.notifications import outbox, tasks
from apps.notifications.models import Delivery, Notification
from tests.matching.test_races import at_once
from tests.notifications.conftest import make_due

pytestmark = pytest.mark.django_db(transaction=True)
Tell = Callable[..., int]
ROUNDS = 5


def test_of_two_workers_that_send_the_same_letter_one_does(tell: Tell, sme_owner: User, never_quiet: None) -> None:
    for number in range(ROUNDS):
        tell(sme_owner, event_key=str(number))
        (letter,) = make_due()
        at_once(*[lambda letter=letter: tasks.send(letter)] * 3)
        assert len(mail.outbox) == number + 1


def test_without_the_claim_both_would(
    tell: Tell, sme_owner: User, never_quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: workers that only look and do not claim send it twice."""
    tell(sme_owner)
    (letter,) = make_due()
    rows = Delivery.objects.filter(letter=letter).select_related("notification__recipient", "robot")
    monkeypatch.setattr(outbox, "claim", lambda _letter: list(rows.all()))
    at_once(*[lambda: tasks.send(letter)] * 2)
    assert len(mail.outbox) == 2


def test_two_workers_divide_a_digest_between_them_or_one_takes_it_all(
    tell: Tell, sme_owner: User, never_quiet: None
) -> None:
    for number in range(10):
        tell(sme_owner, event_key=str(number), by_name=False, params={"need": f"事{number}。", "who": ""})
    (letter,) = make_due()
    at_once(*[lambda: tasks.send(letter)] * 2)
    text = "".join(str(message.body) for message in mail.outbox)
    assert [text.count(f"事{number}。") for number in range(10)] == [1] * 10


def test_two_changes_that_tell_of_one_event_tell_once(tell: Tell, sme_owner: User, colleague: User) -> None:
    for number in range(ROUNDS):
        told = at_once(*[lambda key=str(number): tell(sme_owner, colleague, event_key=key)] * 2)
        assert sum(told) == 2
    assert Notification.objects.count() == Delivery.objects.count() == 2 * ROUNDS
