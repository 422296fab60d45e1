"""Taking back what an import did to capabilities, where nobody has touched it since."""

from collections.abc import Sequence

from django.db import transaction

from apps.accounts.models import User
from apps.capabilities import signals
from apps.capabilities.content import CONTENT
from apps.capabilities.lifecycle import CAPABILITY_LIFECYCLE
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.permissions import can_import
from apps.core.import_reports import RowChange
from apps.core.import_undo import WayBack, undo_each

WAY_BACK = WayBack(
    content=CONTENT,
    lifecycle=CAPABILITY_LIFECYCLE,
    action="capability.import_undone",
    ended=lambda: (CapabilityState.ARCHIVED, {}),
    withdrawn=lambda row, by: signals.capability_withdrawn.send(Capability, capability=row, by=by),
    said_anew=lambda row: signals.capabilities_imported.send(Capability, capabilities=[row]),
)


@transaction.atomic
def capabilities_import_undo(*, changes: Sequence[RowChange], by: User | None) -> dict[int, str]:
    """New ones leave the catalogue for the archive and give up their number; changed ones say what they said before.

    The result tells by primary key why one was left as it is. Cases that run with one go on.
    """
    keys = [change.pk for change in changes]
    rows = Capability.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys).order_by("pk")
    stored = {row.pk: row for row in rows.select_related("organisation", "contact__membership", "district")}
    return undo_each(
        changes,
        stored,
        refusal=lambda row: "" if by is None else can_import(by, row.organisation).reason,
        take_down=lambda row: WAY_BACK.take_down(row, by),
        restore=lambda row, change: WAY_BACK.restore(row, change, by),
    )
