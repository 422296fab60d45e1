"""Taking back what an import did to needs, where nobody has touched it since."""

from collections.abc import Sequence

from django.db import transaction

from apps.accounts.models import User
from apps.core import clock
from apps.core.import_reports import RowChange
from apps.core.import_undo import WayBack, undo_each
from apps.needs import signals
from apps.needs.content import CONTENT
from apps.needs.lifecycle import NEED_LIFECYCLE
from apps.needs.models import Need, NeedState
from apps.needs.permissions import can_import

WAY_BACK = WayBack(
    content=CONTENT,
    lifecycle=NEED_LIFECYCLE,
    action="need.import_undone",
    ended=lambda: (NeedState.CLOSED, {"closed_at": clock.now()}),
    withdrawn=lambda row, by: signals.need_withdrawn.send(Need, need=row, by=by),
    said_anew=lambda row: signals.needs_imported.send(Need, needs=[row]),
)


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
        take_down=lambda row: WAY_BACK.take_down(row, by),
        restore=lambda row, change: WAY_BACK.restore(row, change, by),
    )
