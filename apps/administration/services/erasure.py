"""Forgetting a person: asked for, thought over for thirty days, carried out by an administrator in one transaction."""

import re
import secrets
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.administrators import can_spare, hold_administrators
from apps.accounts.models import NOBODYS_DOMAIN, Membership, MembershipRole, Organisation, User
from apps.accounts.permissions import can_deactivate
from apps.administration.erasing import texts
from apps.administration.erasing.plan import is_own, user_columns
from apps.administration.erasing.trail import trail_scrub
from apps.administration.models import ErasureRequest, ErasureState
from apps.administration.models.erasure import WAITING_TIME
from apps.administration.permissions import can_administer
from apps.capabilities.models import Capability
from apps.core import audit, clock
from apps.core.decisions import Decision
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import PUBLIC_ID_ALPHABET, AuditEntry
from apps.needs.models import Need

MOBILE = re.compile(r"^(\+86)?1\d{10}$")


def can_be_forgotten(person: User) -> Decision:
    """As closing the account: an organisation keeps an owner, the platform an administrator."""
    return can_spare(person) and can_deactivate(person, person)


@transaction.atomic
def erasure_ask(*, person: User) -> ErasureRequest:
    """The person asks; for thirty days nothing happens, and they may take it back."""
    can_be_forgotten(person).require()
    try:
        with transaction.atomic():
            request = ErasureRequest.objects.create(person=person, due_at=clock.now() + WAITING_TIME)
    except IntegrityError:
        raise StateConflict(_("您已提交过注销申请。")) from None
    audit.record(request, "erasure.asked", by=person)
    return request


@transaction.atomic
def erasure_cancel(*, request: ErasureRequest, by: User) -> None:
    """The person takes it back, or an administrator for them. StateConflict where it is decided already."""
    if request.person_id != by.pk:
        can_administer(by).require()
    waiting = ErasureRequest.objects.filter(pk=request.pk, state=ErasureState.WAITING)
    if not waiting.update(state=ErasureState.CANCELLED, decided_at=clock.now(), decided_by=by, updated_at=clock.now()):
        raise StateConflict
    audit.record(request, "erasure.cancelled", by=by)


def erasure_carry_out(*, request: ErasureRequest, by: User, typed: str) -> None:
    """An administrator carries it out after the waiting time; `typed` is the person's e-mail address."""
    can_administer(by).require()
    if request.person_id == by.pk:
        raise NotAllowed(_("您自己的注销申请须由另一位管理员办理。"))
    if typed.strip().lower() != request.person.email:
        raise DomainError(_("输入的邮箱与申请人的邮箱不一致，未做任何改动。"))
    if not request.is_due:
        raise StateConflict(_("等待期尚未届满，或申请已经办理。"))
    person_erase(person=request.person, by=by, request=request)


def person_erase(*, person: User, by: User | None, request: ErasureRequest | None = None) -> dict[str, int]:
    """Forget a person in one transaction; how much was erased and rewritten. None as `by` is the platform itself.

    Everything that is only theirs is deleted; what is the city's or an organisation's stays under a pseudonym.
    """
    can_be_forgotten(person).require()
    words = _words_of(person)
    places = texts.find(words["unique"])  # before the transaction: it reads everything, and others write meanwhile
    with transaction.atomic():
        hold_administrators()
        held = User.objects.select_for_update().get(pk=person.pk)
        can_be_forgotten(held).require()
        if request is not None:
            _finish(request, by)
        pseudonym = _free_pseudonym()
        counts = _erase(held, pseudonym, words, places)
        if request is not None:
            ErasureRequest.objects.filter(pk=request.pk).update(counts=counts)
        audit.record(held, "user.erased", by=by, changes=dict(counts))
    return counts


def _finish(request: ErasureRequest, by: User | None) -> None:
    waiting = ErasureRequest.objects.filter(pk=request.pk, state=ErasureState.WAITING)
    if not waiting.update(state=ErasureState.DONE, decided_at=clock.now(), decided_by=by, updated_at=clock.now()):
        raise StateConflict


def _erase(person: User, pseudonym: str, words: dict[str, list[str]], places: list[texts.Place]) -> dict[str, int]:
    stand_in = str(_("已注销用户 %(code)s") % {"code": pseudonym})
    unique, shared = (dict.fromkeys(words[kind], stand_in) for kind in ("unique", "shared"))
    _hand_over(person)
    LogEntry.objects.filter(content_type__model="user", object_id=str(person.pk)).update(object_repr=stand_in)
    erased = _delete_own(person)
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        erased += model.objects.filter(username__iexact=person.email).delete()[0]
    erased += _end_sessions(person)
    _make_nobody(person, pseudonym, stand_in)
    rewritten = texts.replace(places, unique) + trail_scrub(person, unique=unique, shared=shared)
    return {"erased": erased, "rewritten": rewritten}


def _words_of(person: User) -> dict[str, list[str]]:
    """What tells who they are, now and before: from their row, and from what they changed of it."""
    names, phones = {person.name}, {person.phone}
    changes = AuditEntry.objects.filter(object_type=User._meta.label_lower, object_id=person.pk)
    for values in changes.filter(action="user.updated").values_list("changes", flat=True):
        names.update(map(str, values.get("name", ())))
        phones.update(map(str, values.get("phone", ())))
    own = {phone for phone in phones if MOBILE.match(phone.replace(" ", "").replace("-", ""))}
    return {"unique": sorted({person.email} | own), "shared": sorted((names | phones) - own - {""})}


def _free_pseudonym() -> str:
    while True:
        code = "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _n in range(4))
        if not User.objects.filter(email=f"{code}{NOBODYS_DOMAIN}").exists():
            return code


def _make_nobody(person: User, pseudonym: str, stand_in: str) -> None:
    person.email, person.name, person.phone = f"{pseudonym}{NOBODYS_DOMAIN}", stand_in, ""
    person.set_unusable_password()
    person.is_active = person.is_staff = person.is_superuser = person.covers_city = False
    person.platform_role = ""
    person.email_confirmed_at = person.last_login = None
    person.save()


def _hand_over(person: User) -> None:
    """Their organisation goes on: another owner is asked where they were; the last member's row stays, as nobody's."""
    for model in (Need, Capability):
        rows: Any = model.objects.filter(contact=person)
        for organisation in Organisation.objects.filter(pk__in=rows.values("organisation")):
            rows.filter(organisation=organisation).update(contact=_successor(organisation, person))
    membership = Membership.objects.filter(user=person).first()
    if membership and membership.organisation.memberships.exclude(pk=membership.pk).exists():
        membership.delete()


def _successor(organisation: Organisation, person: User) -> User | None:
    """Its owner of longest standing, but not the one who goes."""
    owners = organisation.memberships.filter(role=MembershipRole.OWNER, user__is_active=True).exclude(user=person)
    first = owners.select_related("user").order_by("joined_at", "id").first()
    return first.user if first else None


def _delete_own(person: User) -> int:
    count = 0
    for field in user_columns():
        if is_own(field):
            count += field.model._default_manager.filter(**{field.name: person}).delete()[0]
    return count


def _end_sessions(person: User) -> int:
    """Whose a session is stands inside it, signed: all of them are opened."""
    own = [
        session.pk
        for session in Session.objects.iterator(chunk_size=1000)
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    return Session.objects.filter(pk__in=own).delete()[0]
