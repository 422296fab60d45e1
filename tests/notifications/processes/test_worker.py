"""Letters through a real broker and a real worker process, one of them without the message that tells of it."""

import secrets
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.conf import settings
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.core import clock
from apps.core.processes.child import Child
from apps.notifications.models import Delivery, DeliveryState, Recipient
from apps.notifications.services import notify

pytestmark = pytest.mark.processes
Start = Callable[[str], Child]
Wait = Callable[[Callable[[], bool], Child], None]


def person() -> User:
    """Somebody whom no quiet hours keep from letters, with an address that nobody else ever had."""
    email = f"{secrets.token_hex(8)}@worker.example"
    user = User.objects.create_user(email, "correct-horse-2026", name="收信人", email_confirmed_at=clock.now())
    Recipient.objects.create(user=user, quiet_from=time(0), quiet_until=time(0))
    return user


def tell(user: User, event: str) -> Delivery:
    notify(
        event_key=event,
        topic="engagements",
        recipients=[user],
        kind="tests.accepted",
        params={"need": "轧辊", "who": "湾理工"},
        url_name="home",
        by_name=True,
    )
    return Delivery.objects.get(event_key=event, notification__recipient=user)


def letters_to(user: User) -> int:
    folder = settings.VAR_DIR / "mail"
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.log")] if folder.exists() else []
    return sum(text.count(f"To: {user.email}") for text in texts)


def is_sent(row: Delivery) -> bool:
    return Delivery.objects.values_list("state", flat=True).get(pk=row.pk) == DeliveryState.SENT


def test_a_letter_goes_out_by_a_worker_also_where_its_message_was_lost_or_its_worker_killed(
    site: None, worker: Start, wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = person()
    with monkeypatch.context() as patched:
        patched.setattr("apps.notifications.outbox.send_hints", lambda letters, **_: None)
        lost = tell(user, "lost")
        dead = tell(user, "dead")
    # As a worker leaves it that was killed in the middle, an hour ago.
    Delivery.objects.filter(pk=dead.pk).update(
        state=DeliveryState.SENDING, attempts=1, claim="dead", lease_until=Now() - timedelta(hours=1)
    )
    only = worker("letters")
    only.wait_until_ready()
    told = tell(user, "told")
    for row in (lost, dead, told):
        wait_until(lambda row=row: is_sent(row), only)  # type: ignore[misc]  # the row of this round
    assert letters_to(user) == 3
