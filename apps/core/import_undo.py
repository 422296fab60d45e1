"""Taking back what an import did, object by object, where nobody has touched it since: the same for every app."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.content import Content
from apps.core.import_reports import RowChange
from apps.core.lifecycle import Lifecycle, move


@dataclass(frozen=True, slots=True)
class WayBack:
    """How rows of one side of the market go back to what they were. Called inside the transaction that holds them.

    `ended` gives the state in which a new one is out of sight, and what is set with it. `withdrawn` tells that a row
    was published and is no more, `said_anew` that a published one says something else.
    """

    content: Content
    lifecycle: Lifecycle
    action: str
    ended: Callable[[], tuple[str, dict[str, Any]]]
    withdrawn: Callable[[Any, Any], object]
    said_anew: Callable[[Any], object]

    def take_down(self, row: Any, by: Any) -> None:
        """Out of sight, and its number is free again."""
        before, (ended, fields) = row.state, self.ended()
        if before == "submitted":
            self._move(row, "draft", by)
        self._move(row, ended, by, external_id="", **fields)
        if before == "published":
            self.withdrawn(row, by)

    def restore(self, row: Any, change: RowChange, by: Any) -> None:
        """It says what it said, and where the import had submitted or published it, it is a draft again."""
        kept = {name: value for name, value in change.before.items() if name != "state"}
        if kept:
            values, indicators = self.content.restored(row, kept)
            self.content.write(row, values, indicators, names=kept.keys())
            audit.record(row, self.action, by=by, changes={"fields": list(kept), "version": row.version})
        was_published = row.state == "published"
        if change.before["state"] == "draft" and row.state != "draft":
            if was_published:
                self._move(row, self.ended()[0], by)  # the way back to the drafts
                self.withdrawn(row, by)
            self._move(row, "draft", by)
        elif was_published:
            self.said_anew(row)

    def _move(self, row: Any, target: str, by: Any, **fields: Any) -> None:
        move(row, target, lifecycle=self.lifecycle, action=self.action, by=by, **fields)


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
