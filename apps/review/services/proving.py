"""Many experts at once: an institute has shown the list that they signed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import batched

from django.db import transaction

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.services import capabilities_release
from apps.core import audit, clock
from apps.review import notices
from apps.review.models import ConfirmationState, ExpertConfirmation
from apps.review.permissions import can_handle
from apps.review.queues import experts_of
from apps.review.services.experts import checked_note

BATCH = 500
"""Experts a transaction, so that nobody else waits long for the database."""


def experts_prove(
    *, organisation: Organisation, by: User, note: str, shown_at: datetime, names: Collection[str] = ()
) -> int:
    """Confirm, with one note, all of its experts who waited when the reviewer was shown them; how many.

    With `names`, only those. Who came or was changed after `shown_at` goes on waiting: no list that was signed before
    speaks for them. Some hundred a transaction; done again after a break, it goes on with the rest.
    """
    can_handle(by, Capability(organisation=organisation)).require()
    note = checked_note(note)
    waiting = experts_of(organisation, by).filter(updated_at__lte=shown_at).order_by("pk")
    listed = waiting.values_list("pk", "details__person_name")
    keys = [key for key, name in listed if not names or str(name or "").strip() in names]
    proved = [key for part in batched(keys, BATCH) for key in _prove(part, by, note)]
    if proved:
        notices.tell_of_proof(organisation, proved, by=by, note=note)
    return len(proved)


@transaction.atomic
def _prove(keys: Iterable[int], by: User, note: str) -> list[int]:
    """Those that still wait."""
    waiting = Capability.objects.filter(pk__in=list(keys), state=CapabilityState.SUBMITTED).order_by("pk")
    rows = list(waiting.select_for_update(of=("self",), no_key=True).select_related("organisation"))
    there = ExpertConfirmation.objects.select_for_update().filter(capability__in=rows)
    known = {found.capability_id: found.state for found in there}
    ready = [row for row in rows if known.get(row.pk, ConfirmationState.WAITING) == ConfirmationState.WAITING]
    now = clock.now()
    proof = {"state": ConfirmationState.CONFIRMED, "note": note, "proved_by": by, "answered_at": now}
    ExpertConfirmation.objects.filter(capability__in=ready).update(**proof)
    asked = {"asked_by": by, "asked_at": now, "sent_count": 0}
    new = [ExpertConfirmation(capability=row, **asked, **proof) for row in ready if row.pk not in known]
    ExpertConfirmation.objects.bulk_create(new)
    audit.record_all(ready, "expert.proved", by=by, changes={"note": note})
    capabilities_release(capabilities=ready)
    return [row.pk for row in ready]
