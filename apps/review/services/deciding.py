"""Verdicts: what two reviewers do at once does not overwrite each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.accounts.services import organisation_reject, organisation_verify
from apps.capabilities.services import capability_approve, capability_return
from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.needs.services import need_approve, need_return
from apps.review.criteria import BEST, CRITERIA, Suggestion, suggestion
from apps.review.models import Handling, Kind, Outcome, Row, Verdict
from apps.review.models.handling import FINAL
from apps.review.models.subjects import KINDS, kind_of, version_of
from apps.review.permissions import can_handle
from apps.review.services.snapshots import snapshots_check
from apps.review.services.taking import handling_of
from apps.review.turnaround import due_at, working_time_between
from apps.review.waiting import is_public, is_submitted, waiting_since

LONGEST_HOLD = timedelta(days=60)
_APPROVE: Mapping[Kind, Callable[..., object]] = {
    Kind.ORGANISATION: organisation_verify,
    Kind.NEED: need_approve,
    Kind.CAPABILITY: capability_approve,
}
_RETURN: Mapping[Kind, Callable[..., object]] = {
    Kind.ORGANISATION: organisation_reject,
    Kind.NEED: need_return,
    Kind.CAPABILITY: capability_return,
}


class Overtaken(StateConflict):
    """A colleague decided first; the message tells who and what."""

    default_message = _("这一项刚刚有变化，请看过最新内容后再决定。")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the reviewer had before them: the desk's revision and the row's version."""

    revision: int
    version: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """A reviewer's answer. `reason` is told to the owner, `note` stays with the reviewers."""

    outcome: Outcome
    scores: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    held_until: date | None = None


def seen_now(row: Row) -> Seen:
    return Seen(handling_of(row).revision, version_of(row))


@transaction.atomic
def item_decide(
    *, row: Row, by: User, given: Assessment, seen: Seen | None = None, since: datetime | None = None
) -> Verdict:
    """Approve, return, put aside, or (of what is public) leave as it is; all or nothing.

    Overtaken where a colleague decided, or its owner changed it, after `seen`; without `seen` only the row's state
    protects. `since`: when the wait began, where it is not the submission (a report). ValidationError by field for what
    is missing. Scores that suggest something else ask for a note.
    """
    can_handle(by, row).require()
    handling = Handling.objects.select_for_update(no_key=True).get(pk=handling_of(row).pk)
    row = KINDS[kind_of(row)].objects.select_for_update(no_key=True).get(pk=row.pk)
    _require_seen(row, handling, seen)
    _require_waiting(row, given)
    advice = _checked(row, given)
    verdict = _verdict(row, by, given, advice, since or waiting_since(row))
    _carry_out(row, by, given)
    verdict.save()
    handling.revision += 1
    handling.taken_by = handling.taken_at = None
    handling.held_until = given.held_until if given.outcome == Outcome.HELD else None
    handling.save()
    return verdict


def require_unchanged(*, row: Row, seen: Seen) -> None:
    """Overtaken where a colleague decided, or its owner changed it, since."""
    _require_seen(row, handling_of(row), seen)


def last_verdict(row: Row) -> Verdict | None:
    return Verdict.objects.filter(**{str(kind_of(row)): row}).select_related("reviewer").first()


def _require_seen(row: Row, handling: Handling, seen: Seen | None) -> None:
    if seen is None:
        return
    if handling.revision != seen.revision and (last := last_verdict(row)):
        told = {"who": last.reviewer.name, "outcome": last.get_outcome_display()}
        raise Overtaken(_("%(who)s刚刚已经处理了这一项，结论是“%(outcome)s”。您的结论没有保存。") % told)
    if version_of(row) != seen.version:
        raise Overtaken(_("对方刚刚修改了内容，请看过最新版本后再决定。您的结论没有保存。"))


def _require_waiting(row: Row, given: Assessment) -> None:
    """Before publication everything but "in order"; afterwards everything but approval. Organisations only before."""
    if is_submitted(row) and given.outcome != Outcome.KEPT:
        return
    if is_public(row) and not isinstance(row, Organisation) and given.outcome != Outcome.APPROVED:
        return
    if last := last_verdict(row):
        told = {"who": last.reviewer.name, "outcome": last.get_outcome_display()}
        raise Overtaken(_("%(who)s已经处理了这一项，结论是“%(outcome)s”。") % told)
    raise Overtaken


def _checked(row: Row, given: Assessment) -> Suggestion | None:
    errors: dict[str, Any] = {}
    criteria = CRITERIA[kind_of(row)]
    wrong = set(given.scores) - set(criteria) or any(not 0 <= score <= BEST for score in given.scores.values())
    if given.scores and (wrong or set(given.scores) != set(criteria)):
        errors["scores"] = _("请给每一项打 0 到 5 分。")
    advice = suggestion(given.scores) if given.scores and not errors else None
    agrees = advice is None or advice.outcome == _compared(given.outcome)
    if not agrees and not given.note.strip():
        errors["note"] = _("结论与评分建议不同，请写明理由。")
    if given.outcome == Outcome.HELD:
        errors |= _hold_errors(given)
    if errors:
        raise ValidationError(errors)
    return advice


def _compared(outcome: Outcome) -> Outcome:
    return Outcome.APPROVED if outcome == Outcome.KEPT else outcome


def _hold_errors(given: Assessment) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    if not given.note.strip():
        errors["note"] = _("请写明为什么搁置、在等什么。")
    today = clock.today()
    if given.held_until is None or not today < given.held_until <= today + LONGEST_HOLD:
        errors["held_until"] = _("请选择明天到 60 天之内的一天，到期会回到队列。")
    return errors


def _verdict(row: Row, by: User, given: Assessment, advice: Suggestion | None, since: datetime) -> Verdict:
    now = clock.now()
    return Verdict(
        **{str(kind_of(row)): row},
        outcome=given.outcome,
        was_public=is_public(row),
        version=version_of(row),
        scores=dict(given.scores),
        points=advice.points if advice else None,
        suggested=advice.outcome if advice else "",
        note=given.note.strip()[:300],
        reason=given.reason.strip()[:300] if given.outcome == Outcome.RETURNED else "",
        reviewer=by,
        waiting_since=since,
        decided_at=now,
        working_minutes=int(working_time_between(since, now).total_seconds() // 60),
        is_within_goal=now <= due_at(since),
    )


def _carry_out(row: Row, by: User, given: Assessment) -> None:
    kind = kind_of(row)
    if given.outcome == Outcome.APPROVED:
        _APPROVE[kind](**{str(kind): row, "by": by})
    elif given.outcome == Outcome.RETURNED:
        _RETURN[kind](**{str(kind): row, "by": by, "reason": given.reason})
    else:
        action = "held" if given.outcome == Outcome.HELD else "checked"
        audit.record(row, f"{kind}.{action}", by=by, changes={"until": given.held_until, "note": given.note})
    if given.outcome in FINAL and not isinstance(row, Organisation):
        snapshots_check(row=row, at=clock.now())
