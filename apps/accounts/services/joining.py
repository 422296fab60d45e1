"""Asking to join an organisation that is registered already, and the answer of its owners.

One that came from a file and has nobody yet is answered for by the reviewers, who check who the person is.

Owners hear of a request once the person has confirmed their address: anybody can type somebody else's. The person
never learns who the members are, nor who answered.
"""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import JoinRequest, JoinState, Membership, MembershipRole, Organisation, User
from apps.accounts.permissions import can_answer_join
from apps.accounts.services.limits import require_below
from apps.accounts.services.members import member_add
from apps.accounts.signals import join_answered, join_asked
from apps.core import audit, clock
from apps.core.errors import DomainError, NotAllowed, StateConflict

JOIN_ASKED = "join.asked"
MOST_A_DAY = 3
REFUSAL_HOLDS = timedelta(days=7)


@transaction.atomic
def join_ask(*, organisation: Organisation, by: User, note: str = "") -> JoinRequest:
    """Ask its owners. DomainError for members of any organisation, and soon after a refusal; SentTooOften."""
    # no request is left behind by somebody who is let in elsewhere at this moment
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if Membership.objects.filter(user=by).exists():
        raise DomainError(_("您已属于一家机构。如需加入新的机构，请先退出原机构。"))
    if _was_refused(organisation, by):
        raise DomainError(_("该机构刚刚没有同意您的申请。请先与对方联系，7 天后可以再次申请。"))
    require_below(MOST_A_DAY, action=JOIN_ASKED, by=by, within=timedelta(days=1), refusal=_TOO_OFTEN)
    request = JoinRequest(organisation=organisation, person=by, note=note.strip(), asked_at=clock.now())
    request.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        raise DomainError(_("您已有一份申请在等待答复。如需换一家机构，请先撤回。")) from None
    audit.record(organisation, JOIN_ASKED, by=by, changes={"request": request})
    if by.email_confirmed_at is not None:
        join_asked.send(JoinRequest, request=request)
    return request


_TOO_OFTEN = _("今天申请的次数已达上限，请明天再试。")


def _was_refused(organisation: Organisation, person: User) -> bool:
    since = clock.now() - REFUSAL_HOLDS
    refused = JoinRequest.objects.filter(organisation=organisation, person=person, state=JoinState.REFUSED)
    return refused.filter(decided_at__gt=since).exists()


def tell_owners_of_waiting_request(person: User) -> None:
    """The person has just confirmed their address: from now on the owners see what was asked."""
    for request in JoinRequest.objects.filter(person=person, state=JoinState.WAITING).select_related("organisation"):
        join_asked.send(JoinRequest, request=request)


@transaction.atomic
def join_approve(*, request: JoinRequest, by: User) -> Membership:
    """An owner lets the person in; a reviewer the first one of an organisation, who becomes its owner.

    StateConflict where it is answered already or the person joined elsewhere.
    """
    organisation = _answerable(request, by)
    role = MembershipRole.MEMBER if organisation.memberships.exists() else MembershipRole.OWNER
    _answer(request, JoinState.APPROVED, by)
    return member_add(user=request.person, organisation=organisation, role=role)


@transaction.atomic
def join_refuse(*, request: JoinRequest, by: User) -> None:
    _answerable(request, by)
    _answer(request, JoinState.REFUSED, by)


def _answerable(request: JoinRequest, by: User) -> Organisation:
    """Its organisation, locked: of two owners who answer at once, the second finds it answered.

    Locks are taken in the order organisation, person, request, as by who accepts an invitation (member_add).
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=request.organisation_id)
    User.objects.select_for_update(no_key=True).get(pk=request.person_id)
    can_answer_join(by, organisation).require()  # asked while it is held: the first member may just have come
    now = JoinRequest.objects.select_related("person").get(pk=request.pk)
    request.person = now.person
    if now.state != JoinState.WAITING:
        raise StateConflict(_("这份申请已经有了结果，请刷新页面查看。"))
    if now.person.email_confirmed_at is None:
        raise DomainError(_("对方还没有确认邮箱，暂时不能答复。"))
    return organisation


def _answer(request: JoinRequest, state: JoinState, by: User) -> None:
    _close(request, state, decided_by=by)
    audit.record(request.organisation, f"join.{state.value}", by=by, changes={"request": request})
    join_answered.send(JoinRequest, request=request)


@transaction.atomic
def join_withdraw(*, request: JoinRequest, by: User) -> None:
    """The person has thought better of it."""
    if request.person_id != by.pk:
        raise NotAllowed
    _close(request, JoinState.WITHDRAWN)
    audit.record(request.organisation, "join.withdrawn", by=by, changes={"request": request})


def _close(request: JoinRequest, state: JoinState, **fields: Any) -> None:
    """StateConflict unless it still waits."""
    changes = {"state": state, "decided_at": clock.now(), "updated_at": clock.now(), **fields}
    if not JoinRequest.objects.filter(pk=request.pk, state=JoinState.WAITING).update(**changes):
        raise StateConflict(_("这份申请已经有了结果，请刷新页面查看。"))
    for name, value in changes.items():
        setattr(request, name, value)
