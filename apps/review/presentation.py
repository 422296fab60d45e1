"""Rows of the desk as programs read them."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.engagements.models import Outcome
from apps.followups.models import Story
from apps.needs.models import Need
from apps.review.criteria import CRITERIA
from apps.review.differences import Piece
from apps.review.models import Report, Row
from apps.review.models.subjects import kind_of, organisation_of_row, version_of
from apps.review.selectors import history_of, side_by_side
from apps.review.services import handling_of, looker
from apps.review.turnaround import due_at
from apps.review.waiting import waiting_since
from apps.review.wording import label_of, said_by

PAGES: Mapping[type[Row | Story], str] = {
    Organisation: "accounts:organisation_public",
    Need: "needs:detail",
    Capability: "capabilities:detail",
    Story: "stories:detail",
}


def as_line(row: Any, kind: str, user: User, *, days: int) -> dict[str, Any]:
    """One row of a queue, which has `waiting_since`; `days` is the city's goal, read once for all rows."""
    colleague = looker(getattr(row, "review_handling", None), user)
    return {
        "id": row.public_id,
        "kind": kind,
        "title": _title(row),
        "organisation": "" if isinstance(row, Organisation) else str(getattr(row, "organisation", "") or ""),
        "waiting_since": row.waiting_since,
        "due_at": due_at(row.waiting_since, days=days),
        "looked_at_by": colleague.name if colleague else "",
    }


def as_item(row: Row) -> dict[str, Any]:
    """What a verdict is given about, with what it has to name."""
    handling, kind = handling_of(row), kind_of(row)
    return {
        "id": row.public_id,
        "kind": kind,
        "title": str(row),
        "state": row.state,
        "organisation": organisation_of_row(row).name,
        "revision": handling.revision,
        "version": version_of(row),
        "waiting_since": waiting_since(row),
        "held_until": handling.held_until,
        "criteria": {name: str(label) for name, label in CRITERIA[kind].items()},
        "content": _content(row),
        "changes": _changes(row),
        "verdicts": list(history_of(row)),
    }


def page_of(subject: Row | Story) -> str:
    """The address of the page on which it is shown."""
    return reverse(PAGES[type(subject)], args=[subject.public_id])


def _title(row: Any) -> str:
    if isinstance(row, Report):
        return str(row.subject)
    return row.engagement.proposal.need.title if isinstance(row, Outcome) else str(row)


def _content(row: Row) -> list[list[str]]:
    if not isinstance(row, Organisation):
        return [[label_of(row, name), text] for name, text in said_by(row)]
    told = [(name, getattr(row, name)) for name in ("name", "credit_code", "short_name", "district", "description")]
    return [[str(row._meta.get_field(name).verbose_name), str(value)] for name, value in told if value]  # type: ignore[union-attr]  # columns


def _changes(row: Row) -> list[dict[str, str]]:
    comparison = None if isinstance(row, Organisation) else side_by_side(row)
    if comparison is None:
        return []
    return [
        {"title": change.label, "before": _text(change.before), "after": _text(change.after)}
        for change in comparison.changes
    ]


def _text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)
