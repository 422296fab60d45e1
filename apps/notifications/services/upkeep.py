"""What the platform's staff may do with deliveries."""

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.selectors import is_administrator
from apps.core import audit, clock
from apps.core.errors import NotAllowed, StateConflict
from apps.notifications import outbox
from apps.notifications.models import Delivery, DeliveryState


@transaction.atomic
def delivery_retry(*, delivery: Delivery, by: User) -> None:
    """Send one that has failed again, once its cause is gone. StateConflict when it has not failed."""
    if not is_administrator(by):
        raise NotAllowed
    changed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.FAILED).update(
        state=DeliveryState.DUE, attempts=0, due_at=clock.now(), claim="", error=""
    )
    if not changed:
        raise StateConflict
    audit.record(delivery, "delivery.retried", by=by)
    transaction.on_commit(lambda: outbox.send_hints([delivery.letter]))
