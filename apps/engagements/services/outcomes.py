"""Outcomes: reported by one side, confirmed or rejected by the other."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import NotAllowed
from apps.core.lifecycle import move
from apps.core.validators import validate_text
from apps.engagements import events
from apps.engagements.evidence import check_evidence, kept_name
from apps.engagements.lifecycle import OUTCOME_LIFECYCLE
from apps.engagements.measures import measured
from apps.engagements.models import EndReason, Engagement, Outcome, OutcomeState
from apps.engagements.permissions import can_confirm, can_correct, can_report, engagement_side
from apps.engagements.services.locking import locked_case, locked_outcome, require_unchanged
from apps.needs.models import Need, NeedState
from apps.needs.permissions import can_manage
from apps.needs.services import need_solve

NOT_ACHIEVED = "not_achieved"
REASON_LIMIT = 300


@transaction.atomic
def outcome_report(*, engagement: Engagement, by: User, **fields: Any) -> Outcome:
    """One side tells what changed; it counts when the other side has confirmed it.

    `fields` are the columns; an upload as `evidence` brings its own name. ValidationError by field.
    """
    engagement = locked_case(engagement)
    can_report(by, engagement).require()
    side = engagement_side(by, engagement)
    if side is None:
        raise NotAllowed
    outcome = Outcome(engagement=engagement, reported_by=by, reported_side=side, reported_at=clock.now())
    _fill(outcome, fields)
    _check(outcome)
    outcome.save()
    audit.record(outcome, "outcome.reported", by=by, changes=_told(outcome))
    events.tell("outcome.reported", engagement=engagement, by=by, about=outcome)
    return outcome


@transaction.atomic
def outcome_correct(*, outcome: Outcome, by: User, seen: str = "", **fields: Any) -> Outcome:
    """The side that reported it changes it; a rejected one waits for confirmation again.

    `seen` is the `Outcome.revision` the person had before them: nobody takes back what a colleague added meanwhile.
    """
    outcome = locked_outcome(outcome)
    can_correct(by, outcome).require()
    require_unchanged(outcome, seen, _("这条成效刚刚被修改过，请看过最新内容后再操作。"))
    before, old_file = _told(outcome), str(outcome.evidence)
    _fill(outcome, fields)
    _check(outcome)
    outcome.save()
    if old_file and old_file != str(outcome.evidence):
        storage = outcome.evidence.storage
        transaction.on_commit(lambda: storage.delete(old_file))
    audit.record(outcome, "outcome.corrected", by=by, changes={"before": before, "after": _told(outcome)})
    events.tell("outcome.corrected", engagement=outcome.engagement, by=by, about=outcome)
    if outcome.state == OutcomeState.REJECTED:
        _move(outcome, OutcomeState.REPORTED, "outcome.reported_again", by, rejection_reason="", decided_by=None)
    return outcome


@transaction.atomic
def outcome_confirm(*, outcome: Outcome, by: User, seen: str = "") -> Outcome:
    """The other side, or an administrator, says it is so. A success solves the need.

    `seen` is the `Outcome.revision` the person had before them: nobody confirms what was changed meanwhile.
    """
    outcome = locked_outcome(outcome)
    can_confirm(by, outcome).require()
    require_unchanged(outcome, seen, _("对方刚刚修改了这条成效，请看过最新内容后再确认。"))
    _move(outcome, OutcomeState.CONFIRMED, "outcome.confirmed", by, confirmed_at=clock.now(), decided_by=by)
    if outcome.outcome_type.code != NOT_ACHIEVED:
        _solve(outcome.engagement.proposal.need, outcome, by)
    return outcome


@transaction.atomic
def outcome_reject(*, outcome: Outcome, by: User, reason: str, seen: str = "") -> Outcome:
    """The other side, or an administrator, says it is not so, and why. `seen` as in `outcome_confirm`."""
    outcome = locked_outcome(outcome)
    can_confirm(by, outcome).require()
    require_unchanged(outcome, seen, _("对方刚刚修改了这条成效，请看过最新内容后再决定。"))
    _move(outcome, OutcomeState.REJECTED, "outcome.rejected", by, rejection_reason=_reason(reason), decided_by=by)
    return outcome


def _solve(need: Need, outcome: Outcome, by: User) -> None:
    """In the name of the need's own side (or the administrator): whoever confirms, or else whoever reported."""
    speakers = [person for person in (by, outcome.reported_by) if can_manage(person, need)]
    if need.state == NeedState.ENGAGED and speakers:
        need_solve(need=need, by=speakers[0])


def _move(outcome: Outcome, target: OutcomeState, action: str, by: User, **fields: Any) -> None:
    move(outcome, target, lifecycle=OUTCOME_LIFECYCLE, action=action, by=by, **fields)
    events.tell(action, engagement=outcome.engagement, by=by, about=outcome)


def _fill(outcome: Outcome, fields: dict[str, Any]) -> None:
    upload = fields.get("evidence")
    if isinstance(upload, UploadedFile):
        check_evidence(upload)
        fields = fields | {"evidence_name": kept_name(upload)}
    for name, value in fields.items():
        setattr(outcome, name, value)
    _tidy(outcome)


def _tidy(outcome: Outcome) -> None:
    """Units apart from numbers; the reason of a failure only where there is one, "other" where none was chosen."""
    measure = measured(outcome.before_value, outcome.after_value, outcome.indicator_unit)
    outcome.before_value, outcome.after_value, outcome.indicator_unit = measure
    chosen = getattr(outcome, "outcome_type", None)  # none yet: the check of the columns says so
    if chosen is None or chosen.code != NOT_ACHIEVED:
        outcome.failure_reason = ""
    elif not outcome.failure_reason:
        outcome.failure_reason = EndReason.OTHER


def _reason(text: str) -> str:
    """The reason of a rejection, fit to be stored. ValidationError beside `reason` otherwise."""
    field = forms.CharField(max_length=REASON_LIMIT, validators=[validate_text])
    field.error_messages["required"] = _("请说明驳回原因，方便对方修改。")
    try:
        return str(field.clean(text))
    except ValidationError as error:
        raise ValidationError({"reason": error.messages}) from error


def _check(outcome: Outcome) -> None:
    outcome.full_clean(exclude=("decided_by", "confirmed_at"))  # the other side fills them
    opened = timezone.localdate(outcome.engagement.opened_at)
    if not opened <= outcome.occurred_on <= clock.today():
        raise ValidationError({"occurred_on": _("发生日期应在对接之日与今天之间。")})


TOLD = (
    "outcome_type",
    "description",
    "occurred_on",
    "indicator_name",
    "indicator_unit",
    "before_value",
    "after_value",
    "new_sales_yuan",
    "cost_saved_yuan",
    "invested_yuan",
    "received_yuan",
    "failure_reason",
)


def _told(outcome: Outcome) -> dict[str, Any]:
    return {name: str(getattr(outcome, name)) for name in TOLD}
