"""Asking an expert, and what the answer does."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.services.limits import require_below
from apps.capabilities.models import Capability, CapabilityKind, CapabilityState
from apps.capabilities.services import capability_release, capability_turn_back
from apps.core import audit, clock
from apps.core.errors import DomainError, StateConflict
from apps.review.experts import LIFETIME, LinkExpired, answer_path, lists_themselves
from apps.review.models import ConfirmationState, ExpertConfirmation
from apps.review.models.experts import new_nonce
from apps.review.permissions import can_ask_expert, can_handle
from apps.review.rules import experts_must_confirm

MOST_LETTERS_A_DAY = 20
LONGEST_NOTE = 300
ASKABLE = (CapabilityState.SUBMITTED, CapabilityState.PUBLISHED)


@transaction.atomic
def expert_ask(*, capability: Capability, by: User, email: str) -> ExpertConfirmation:
    """Send the letter, or send it again; links of earlier letters are dead then. ValidationError beside `email`."""
    can_ask_expert(by, capability).require()
    _require_askable(capability)
    email = email.strip().lower()
    _check_address(email, by)
    refusal = _("今天发出的确认邮件太多了，请明天再试。")
    require_below(MOST_LETTERS_A_DAY, action="expert.asked", by=by, within=timedelta(days=1), refusal=refusal)
    capability = _locked(capability)
    row = ExpertConfirmation.objects.filter(capability=capability).first()
    if row is not None and row.state == ConfirmationState.CONFIRMED:
        raise StateConflict(_("专家已经确认，不需要再发邮件。"))
    row = row or ExpertConfirmation(capability=capability, sent_count=0)
    row.email, row.state, row.nonce, row.asked_by = email, ConfirmationState.WAITING, new_nonce(), by
    row.asked_at, row.sent_count, row.answered_at, row.note = clock.now(), row.sent_count + 1, None, ""
    row.save()
    audit.record(capability, "expert.asked", by=by)
    _send(row)
    return row


@transaction.atomic
def expert_answer(*, confirmation: ExpertConfirmation, answer: ConfirmationState, note: str = "") -> ExpertConfirmation:
    """The expert's own word, by the link: shown, or returned to whoever listed them. LinkExpired where it came late."""
    note = note.strip()[:LONGEST_NOTE]
    if answer == ConfirmationState.DISPUTED and not note:
        raise ValidationError({"note": _("请写明哪里有误。")})
    capability = _locked(confirmation.capability)
    row = ExpertConfirmation.objects.select_for_update().get(pk=confirmation.pk)
    if row.state != ConfirmationState.WAITING or row.nonce != confirmation.nonce:
        raise LinkExpired
    _settle(row, answer, note)
    audit.record(capability, f"expert.{answer}", by=None)
    if answer == ConfirmationState.CONFIRMED:
        capability_release(capability=capability)
    elif capability.state in ASKABLE:
        declined = answer == ConfirmationState.DECLINED
        said = _("专家本人不同意公开。") if declined else _("专家本人指出内容有误，请修改。")
        _turn_back(capability, said, note)
    return row


@transaction.atomic
def expert_prove(*, capability: Capability, by: User, note: str) -> ExpertConfirmation:
    """A reviewer saw another proof; the note says which."""
    can_handle(by, capability).require()
    note = checked_note(note)
    capability = _locked(capability)
    _require_askable(capability)
    row = _row_for(capability, by)
    row.proved_by = by
    _settle(row, ConfirmationState.CONFIRMED, note)
    audit.record(capability, "expert.proved", by=by, changes={"note": note})
    capability_release(capability=capability)
    return row


@transaction.atomic
def own_word_keep(*, capability: Capability, by: User) -> None:
    """Who lists themselves agrees."""
    row = _row_for(capability, by)
    if row.state != ConfirmationState.CONFIRMED:
        row.email = by.email
        _settle(row, ConfirmationState.CONFIRMED, _stored(_("本人登记")))


@transaction.atomic
def own_word_lapse(*, capability: Capability, by: User) -> None:
    """It names another person now: what the first one said does not speak for them, and it is shown to nobody else.

    ValidationError where it waits to be confirmed as still true: it could come back without their word.
    """
    if capability.state == CapabilityState.STALE:
        raise ValidationError({"person_name": _("请先确认这条资源仍然有效，再修改姓名。")})
    _lapse(capability, by)
    if lists_themselves(capability, by):
        own_word_keep(capability=capability, by=by)
    elif capability.state == CapabilityState.PUBLISHED and experts_must_confirm():
        _turn_back(capability, _("姓名改了，请核对后重新提交，由专家本人确认后再公开。"))


@transaction.atomic
def own_words_end(*, user: User) -> None:
    """Who listed themselves bears another name now: under a borrowed one anybody could list anybody."""
    said = ExpertConfirmation.objects.filter(state=ConfirmationState.CONFIRMED, sent_count=0, proved_by=None)
    keys = said.filter(asked_by=user, email=user.email).values("capability")
    for listed in Capability.objects.filter(pk__in=keys, kind=CapabilityKind.EXPERT).order_by("pk"):
        capability = _locked(listed)
        if lists_themselves(capability, user):
            continue
        _lapse(capability, user)
        if capability.state == CapabilityState.PUBLISHED and experts_must_confirm():
            _turn_back(capability, _("登记人改了姓名，请核对后重新提交，由专家本人确认后再公开。"))


def checked_note(note: str) -> str:
    """What a reviewer saw. ValidationError where nothing is told."""
    if not note.strip():
        raise ValidationError({"note": _("请写明依据，例如“已收到本人签字的同意书”。")})
    return note.strip()[:LONGEST_NOTE]


def _locked(capability: Capability) -> Capability:
    """Before its confirmation, whoever changes either: two in another order would wait for each other."""
    rows = Capability.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    return rows.get(pk=capability.pk)


def _row_for(capability: Capability, by: User) -> ExpertConfirmation:
    row = ExpertConfirmation.objects.select_for_update().filter(capability=capability).first()
    return row or ExpertConfirmation(capability=capability, asked_by=by, asked_at=clock.now(), sent_count=0)


def _settle(row: ExpertConfirmation, state: ConfirmationState, note: str) -> None:
    row.state, row.note, row.answered_at = state, note, clock.now()
    row.save()


def _require_askable(capability: Capability) -> None:
    if capability.kind != CapabilityKind.EXPERT or capability.state not in ASKABLE:
        raise DomainError(_("提交后的专家资源才需要本人确认。"))


def _check_address(email: str, by: User) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    if email == by.email.lower():
        raise ValidationError({"email": _("这是您自己的邮箱，请填写专家本人的邮箱。")})


def _lapse(capability: Capability, by: User) -> None:
    said = (ConfirmationState.CONFIRMED, ConfirmationState.WAITING)
    row = ExpertConfirmation.objects.select_for_update().filter(capability=capability, state__in=said).first()
    if row is not None:
        row.email, row.nonce, row.proved_by, row.answered_at = "", new_nonce(), None, None
        row.state, row.note = ConfirmationState.WAITING, ""
        row.save()
        audit.record(capability, "expert.lapsed", by=by)


def _turn_back(capability: Capability, reason: Any, note: str = "") -> None:
    capability_turn_back(capability=capability, reason=f"{_stored(reason)}{note}")


def _stored(text: Any) -> str:
    """In the platform's own language: whoever reads it later may use another than whoever causes it."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(text)


def _send(row: ExpertConfirmation) -> None:
    """The template's first line is the subject."""
    url = settings.SITE_URL.rstrip("/") + answer_path(row)
    context = {"capability": row.capability, "url": url, "days": LIFETIME.days}
    subject, body = render_to_string("review/mail/expert.txt", context).strip().split("\n", 1)
    transaction.on_commit(lambda: send_mail(subject, body.lstrip(), None, [row.email]), robust=True)
