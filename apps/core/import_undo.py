"""Taking back what an import did, object by object, where nobody has touched it since: the same for every app."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.core.import_reports import RowChange


def undo_each[Row](
    changes: Sequence[RowChange],
    stored: Mapping[int, Row],
    *,
    refusal: Callable[[Row], object],
    take_down: Callable[[Row], None],
    restore: Callable[[Row, RowChange], None],
) -> dict[int, str]:
    """What is new is taken down, what was changed is restored; the result tells by primary key what was left, and why.

    `stored` are the rows as they are now, locked; `refusal` says why the person may not touch one, or nothing.
    """
    left: dict[int, str] = {}
    for change in changes:
        row = stored.get(change.pk)
        if row is None:
            left[change.pk] = _("已经不存在。")
        elif told := refusal(row):
            left[change.pk] = str(told)
        elif not is_untouched(row, change):
            left[change.pk] = _("导入之后有人修改过，保持现状。")
        elif change.outcome == "created":
            take_down(row)
        else:
            restore(row, change)
    return left


def is_untouched(row: Any, change: RowChange) -> bool:
    """It says what the import said. That a reviewer or the expert let it out as it was is no change."""
    went_out = (change.state, row.state) == ("submitted", "published")
    return row.version == change.version and (row.state == change.state or went_out)
