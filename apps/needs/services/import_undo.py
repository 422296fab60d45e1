"""Taking back what an import did to needs, where nobody has touched it since."""

from collections.abc import Sequence

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.import_reports import RowChange
from apps.core.import_undo import undo_each
from apps.core.lifecycle import move
from apps.needs import signals
from apps.needs.content import CONTENT
from apps.needs.lifecycle import NEED_LIFECYCLE
from apps.needs.models import Need, NeedState
from apps.needs.permissions import can_import


@transaction.atomic
def needs_import_undo(*, changes: Sequence[RowChange], by: User | None) -> dict[int, str]:
    """New ones are closed and give up their number; changed ones say what they said before.

    The result tells by primary key why one was left as it is: those with a running case are, for they are engaged.
    """
    keys = [change.pk for change in changes]
    rows = Need.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys).order_by("pk")
    stored = {
        row.pk: row
        for row in rows.select_related("organisation", "contact__membership", "need_type", "industry_chain", "ip_terms")
    }
    return undo_each(
        changes,
        stored,
        refusal=lambda row: "" if by is None else can_import(by, row.organisation).reason,
        take_down=lambda row: _take_down(row, by),
        restore=lambda row, change: _restore(row, change, by),
    )


def _take_down(row: Need, by: User | None) -> None:
    was_published = row.state == NeedState.PUBLISHED
    if row.state == NeedState.SUBMITTED:
        _move(row, NeedState.DRAFT, by)
    _move(row, NeedState.CLOSED, by, closed_at=clock.now(), external_id="")
    if was_published:
        signals.need_withdrawn.send(Need, need=row, by=by)


def _restore(row: Need, change: RowChange, by: User | None) -> None:
    before = {name: kept for name, kept in change.before.items() if name != "state"}
    if before:
        values, indicators = CONTENT.restored(row, before)
        CONTENT.write(row, values, indicators, names=before.keys())
        changes = {"fields": list(before), "version": row.version}
        audit.record(row, "need.import_undone", by=by, changes=changes)
    was_published = row.state == NeedState.PUBLISHED
    if change.before["state"] == NeedState.DRAFT and row.state != NeedState.DRAFT:
        if was_published:
            _move(row, NeedState.CLOSED, by)  # the way back to the drafts
            signals.need_withdrawn.send(Need, need=row, by=by)
        _move(row, NeedState.DRAFT, by)
    elif was_published:
        signals.needs_imported.send(Need, needs=[row])


def _move(row: Need, target: NeedState, by: User | None, **fields: object) -> None:
    move(row, target, lifecycle=NEED_LIFECYCLE, action="need.import_undone", by=by, **fields)
