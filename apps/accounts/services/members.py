"""Inviting people to an organisation, joining, leaving, and who owns it."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import mail
from apps.accounts.links import INVITATION_ACCEPTED, read_invitation
from apps.accounts.models import JoinRequest, JoinState, Membership, MembershipRole, Organisation, User
from apps.accounts.permissions import can_end_membership, can_manage_organisation
from apps.accounts.services.limits import require_below
from apps.accounts.signals import member_joined
from apps.core import audit, clock
from apps.core.errors import DomainError, NotAllowed, StateConflict

INVITATION_SENT = "invitation.sent"


@transaction.atomic
def member_invite(*, organisation: Organisation, email: str, by: User) -> None:
    """Send a link that lasts seven days and works once. Tells nothing of whether the address has an account."""
    can_manage_organisation(by, organisation).require()
    email = email.strip().lower()
    if organisation.memberships.filter(user__email=email).exists():
        raise DomainError(_("这位同事已经是本单位成员。"))
    require_below(30, action=INVITATION_SENT, by=by, within=timedelta(days=1))
    audit.record(organisation, INVITATION_SENT, by=by, changes={"email": email})
    mail.send_invitation(organisation=organisation, inviter=by, email=email)


@transaction.atomic
def member_accept(*, token: str, user: User) -> Membership:
    """The invited person joins. LinkExpired; NotAllowed for anybody else; DomainError while they act for another."""
    invitation = read_invitation(token)
    if user.email != invitation.email:
        raise NotAllowed(_("这份邀请是发给另一个邮箱的。请用收到邀请的邮箱登录后再接受。"))
    # of two clicks at once, one joins
    Organisation.objects.select_for_update(no_key=True).get(pk=invitation.organisation.pk)
    if Membership.objects.filter(user=user).exists():
        raise DomainError(_("您已属于一家机构。如需加入新的机构，请先退出原机构。"))
    membership = member_add(user=user, organisation=invitation.organisation)
    if user.email_confirmed_at is None:
        user.email_confirmed_at = clock.now()
        user.save(update_fields=["email_confirmed_at"])
    changes = {"email": invitation.email, "nonce": invitation.nonce, "inviter": invitation.inviter.pk}
    audit.record(invitation.organisation, INVITATION_ACCEPTED, by=user, changes=changes)
    return membership


def member_add(*, user: User, organisation: Organisation, role: MembershipRole = MembershipRole.MEMBER) -> Membership:
    """The person joins; what they asked of others lapses. Inside the transaction of who checked that they may.

    StateConflict where they have come to act for an organisation at this very moment, or closed their account.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not person.is_active or Membership.objects.filter(user=person).exists():
        raise StateConflict(_("该账号已加入一家机构，或已注销。"))
    membership = Membership.objects.create(user=user, organisation=organisation, role=role)
    requests_lapse(person)
    member_joined.send(Membership, membership=membership)
    return membership


def requests_lapse(person: User) -> None:
    """What somebody asked for has become pointless. Inside the transaction of what made it so."""
    waiting = JoinRequest.objects.filter(person=person, state=JoinState.WAITING)
    waiting.update(state=JoinState.LAPSED, decided_at=clock.now())


@transaction.atomic
def member_remove(*, membership: Membership, by: User) -> None:
    """An owner removes somebody, or a person leaves. An organisation keeps at least one owner."""
    membership = _held(membership)
    can_end_membership(by, membership).require()
    action = "member.left" if membership.user_id == by.pk else "member.removed"
    changes = {"user": membership.user_id, "role": membership.role}
    audit.record(membership.organisation, action, by=by, changes=changes)
    membership.delete()


@transaction.atomic
def member_make_owner(*, membership: Membership, by: User) -> None:
    """A second owner, so that the first may leave."""
    membership = _held(membership)
    can_manage_organisation(by, membership.organisation).require()
    if membership.role == MembershipRole.OWNER:
        return
    membership.role = MembershipRole.OWNER
    membership.save(update_fields=["role"])
    audit.record(membership.organisation, "member.made_owner", by=by, changes={"user": membership.user_id})


def _held(membership: Membership) -> Membership:
    """As it is now, with its organisation held: of two changes the second sees the first. StateConflict where it ended.

    `no_key`: rows that refer to the organisation, a notification among them, may be written meanwhile.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=membership.organisation_id)
    found = Membership.objects.select_related("organisation").filter(pk=membership.pk).first()
    if found is None:
        raise StateConflict(_("这位成员刚刚已经退出，请刷新页面查看。"))
    return found
