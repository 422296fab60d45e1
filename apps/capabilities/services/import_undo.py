"""Taking back what an import did to capabilities, where nobody has touched it since."""

from collections.abc import Sequence

from django.db import transaction

from apps.accounts.models import User
from apps.capabilities import signals
from apps.capabilities.content import CONTENT
from apps.capabilities.lifecycle import CAPABILITY_LIFECYCLE
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.permissions import can_import
from apps.core import audit
from apps.core.import_reports import RowChange
from apps.core.import_undo import undo_each
from apps.core.lifecycle import move


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
        take_down=lambda row: _take_down(row, by),
        restore=lambda row, change: _restore(row, change, by),
    )


def _take_down(row: Capability, by: User | None) -> None:
    was_published = row.state == CapabilityState.PUBLISHED
    if row.state == CapabilityState.SUBMITTED:
        _move(row, CapabilityState.DRAFT, by)
    _move(row, CapabilityState.ARCHIVED, by, external_id="")
    if was_published:
        signals.capability_withdrawn.send(Capability, capability=row, by=by)


def _restore(row: Capability, change: RowChange, by: User | None) -> None:
    before = {name: kept for name, kept in change.before.items() if name != "state"}
    if before:
        values, indicators = CONTENT.restored(row, before)
        CONTENT.write(row, values, indicators, names=before.keys())
        changes = {"fields": list(before), "version": row.version}
        audit.record(row, "capability.import_undone", by=by, changes=changes)
    was_published = row.state == CapabilityState.PUBLISHED
    if change.before["state"] == CapabilityState.DRAFT and row.state != CapabilityState.DRAFT:
        if was_published:
            _move(row, CapabilityState.ARCHIVED, by)  # the way back to the drafts
            signals.capability_withdrawn.send(Capability, capability=row, by=by)
        _move(row, CapabilityState.DRAFT, by)
    elif was_published:
        signals.capabilities_imported.send(Capability, capabilities=[row])


def _move(row: Capability, target: CapabilityState, by: User | None, **fields: object) -> None:
    move(row, target, lifecycle=CAPABILITY_LIFECYCLE, action="capability.import_undone", by=by, **fields)
