"""Matters of the desk: opened by what happens, taken by a broker, handed on with notes, closed with a result."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.engagements.desk import notices
from apps.engagements.desk.permissions import can_close, can_hand_over, can_take, can_work_on
from apps.engagements.models import Engagement, Referral, ReferralKind, ReferralResult
from apps.engagements.services.locking import locked_case
from apps.engagements.services.steps import case_give
from apps.matching.models import Proposal
from apps.needs.models import Need


@transaction.atomic
def referral_open(
    *,
    kind: ReferralKind,
    need: Need,
    proposal: Proposal | None = None,
    engagement: Engagement | None = None,
    since: datetime | None = None,
) -> Referral:
    """Bring a matter to the desk; where it lies there already, nothing changes. A case's broker has it at once."""
    now = clock.now()
    broker = engagement.broker if engagement is not None else None
    about = {"proposal": proposal} if proposal is not None else {"need": need, "proposal": None}
    values: dict[str, Any] = {
        "need": need,
        "engagement": engagement,
        "since": since or now,
        "opened_at": now,
        "taken_by": broker,
        "taken_at": now if broker else None,
    }
    referral, created = Referral.objects.get_or_create(kind=kind, closed_at=None, **about, defaults=values)
    if created:
        audit.record(referral, "referral.opened", by=None, changes={"kind": kind})
    return referral


@transaction.atomic
def referral_take(*, referral: Referral, by: User) -> Referral:
    """A broker takes what nobody has; of a case, the case. The second of two is told who has it. Again is no change."""
    referral = _held(referral)
    can_take(by, referral).require()
    if referral.taken_by is None:
        _give(referral, by, by)
        audit.record(referral, "referral.taken", by=by)
    return referral


@transaction.atomic
def referral_hand_over(*, referral: Referral, to: User | None, note: str, by: User) -> Referral:
    """Give it to a colleague whose region it lies in, or with `to` None back to the queue, and say why.

    ValidationError beside "to" or "note". StateConflict where it was closed or taken meanwhile.
    """
    referral = _held(referral)
    can_hand_over(by, referral).require()
    _check_colleague(referral, to)
    note = _checked(note, "note", _("请写明转交的原因和进展，方便接手的人。"))
    _give(referral, to, by)
    changes = {"to": to.name if to else "", "note": note}
    audit.record(referral, "referral.handed_over" if to else "referral.given_back", by=by, changes=changes)
    if to is not None and to != by:
        notices.tell_of_referral(referral, to)
    return referral


@transaction.atomic
def referral_plan(*, referral: Referral, next_action: str, next_on: date | None, by: User) -> Referral:
    """Say what its broker does next, and when."""
    referral = _held(referral)
    can_work_on(by, referral).require()
    referral.next_action, referral.next_on = next_action.strip(), next_on
    referral.clean_fields(exclude=[f.name for f in Referral._meta.fields if f.name != "next_action"])
    referral.save(update_fields=["next_action", "next_on", "updated_at"])
    changes = {"what": " · ".join(part for part in (referral.next_action, str(next_on or "")) if part) or "—"}
    audit.record(referral, "referral.planned", by=by, changes=changes)
    return referral


@transaction.atomic
def referral_close(*, referral: Referral, result: str, note: str = "", by: User) -> Referral:
    """Done: with what came of it. `note` is required for "other". ValidationError by field."""
    referral = _held(referral)
    can_close(by, referral).require()
    if result not in ReferralResult.values or result == ReferralResult.LAPSED:
        raise ValidationError({"result": _("请选择办理结果。")})
    if note.strip() or result == ReferralResult.OTHER:
        note = _checked(note, "note", _("选择“其他”时请补充说明。"))
    _close(referral, ReferralResult(result), note, by)
    return referral


@transaction.atomic
def referral_lapse(*, referral: Referral) -> None:
    """What brought it here is over: it was answered, went on or ended by itself."""
    referral = _held(referral)
    if referral.is_open:
        _close(referral, ReferralResult.LAPSED, "", None)


def _held(referral: Referral) -> Referral:
    """The row as it is now, of a case with the case held first, as every change of a case begins there."""
    engagement = locked_case(referral.engagement) if referral.engagement is not None else None
    rows = Referral.objects.select_for_update(no_key=True, of=("self",)).select_related("need", "proposal", "taken_by")
    found = rows.filter(pk=referral.pk).first()
    if found is None:
        raise StateConflict
    if engagement is not None:
        found.engagement = engagement
    return found


def _give(referral: Referral, to: User | None, by: User) -> None:
    """The matter, and of a case all that lies on the desk of it (`receivers.follow_broker` writes those)."""
    if referral.engagement is not None:
        case_give(engagement=referral.engagement, broker=to, by=by)
    referral.taken_by, referral.taken_at = to, clock.now() if to else None
    referral.save(update_fields=["taken_by", "taken_at", "updated_at"])


def _close(referral: Referral, result: ReferralResult, note: str, by: User | None) -> None:
    referral.closed_at, referral.closed_by, referral.result, referral.result_note = clock.now(), by, result, note
    referral.save(update_fields=["closed_at", "closed_by", "result", "result_note", "updated_at"])
    audit.record(referral, "referral.closed", by=by, changes={"result": result, "note": note})


def _check_colleague(referral: Referral, to: User | None) -> None:
    if to is None:
        return
    if not to.is_broker:
        raise ValidationError({"to": _("请选择一位技术经纪人。")})
    if not Referral.objects.visible_to(to).filter(pk=referral.pk).exists():
        raise ValidationError({"to": _("%(broker)s不负责这个区市。") % {"broker": to.name}})


def _checked(text: str, name: str, missing: object) -> str:
    """Fit to be kept in the history. ValidationError beside `name`."""
    text = text.strip()
    if not text:
        raise ValidationError({name: [missing]})
    try:
        Referral._meta.get_field("result_note").run_validators(text)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
    return text
