"""The administration shows what went out and what did not, and no key to anybody's group."""

from collections.abc import Callable

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Organisation, User
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.notifications.models import Delivery, GroupRobot, Notification
from apps.notifications.services import delivery_retry

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
Tell = Callable[..., int]


def address(model: type[Model], page: str, *args: int) -> str:
    return reverse(f"admin:notifications_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def told(tell: Tell, sme_owner: User, enterprise: Organisation, robot: GroupRobot) -> None:
    GroupRobot.objects.update(secret="SECvery-secret")
    tell(sme_owner, organisation=enterprise)


def test_administrators_see_every_row_and_no_key(
    told: None, client_of: ClientOf, administrator: User, reviewer: User
) -> None:
    reviewer.is_staff = True
    reviewer.save()
    for model in (Notification, Delivery, GroupRobot):
        row = model._default_manager.get() if model is not Delivery else Delivery.objects.filter(channel="group").get()
        for page in (address(model, "changelist"), address(model, "change", row.pk)):
            answer = client_of(administrator).get(page)
            assert answer.status_code == 200
            assert "SECvery" not in answer.content.decode()
            assert "abcd-1234" not in answer.content.decode()
            assert client_of(reviewer).get(page).status_code == 403


def test_what_failed_is_sent_again_by_an_administrator(
    told: None, client_of: ClientOf, administrator: User, sme_owner: User, hints: list[str]
) -> None:
    row = Delivery.objects.filter(channel="email").get()
    with pytest.raises(StateConflict):
        delivery_retry(delivery=row, by=administrator)
    Delivery.objects.update(state="failed", attempts=6, error="SMTP 550")
    with pytest.raises(NotAllowed):
        delivery_retry(delivery=row, by=sme_owner)
    sent = {"action": "retry", ACTION_CHECKBOX_NAME: [str(row.pk)]}
    client_of(administrator).post(address(Delivery, "changelist"), sent)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("due", 0, "")
    assert AuditEntry.objects.filter(action="delivery.retried", object_id=row.pk).exists()
