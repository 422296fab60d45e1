"""Signing up, confirming an address, changing and closing an account."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.models import Token

from apps.accounts import mail
from apps.accounts.links import read_confirmation, read_invitation
from apps.accounts.models import Membership, MembershipRole, Organisation, User
from apps.accounts.permissions import can_deactivate
from apps.accounts.services.limits import require_below
from apps.accounts.services.members import member_accept
from apps.core import audit, clock
from apps.core.errors import StateConflict

CONFIRMATION_SENT = "user.confirmation_sent"


def user_sign_up(*, email: str, name: str, phone: str, password: str, organisation: Organisation) -> User:
    """A person and their organisation (not yet saved), which they own; it is pending until it is verified.

    ValidationError by field from the organisation's rules; StateConflict when somebody else took the address, the
    name or the code at the same moment.
    """
    organisation.full_clean()
    try:
        with transaction.atomic():
            user = _create_user(email=email, name=name, phone=phone, password=password)
            organisation.save()
            Membership.objects.create(user=user, organisation=organisation, role=MembershipRole.OWNER)
            audit.record(organisation, "organisation.registered", by=user, changes={"name": organisation.name})
            _send_confirmation(user)
    except IntegrityError:
        raise StateConflict(_("该机构刚刚已被登记，请核对后再试。")) from None
    return user


@transaction.atomic
def user_sign_up_invited(*, token: str, name: str, phone: str, password: str) -> User:
    """A person who was invited: the link came by e-mail, so their address is confirmed. LinkExpired."""
    invitation = read_invitation(token)
    user = _create_user(email=invitation.email, name=name, phone=phone, password=password)
    member_accept(token=token, user=user)
    return user


def _create_user(*, email: str, name: str, phone: str, password: str) -> User:
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name, phone=phone)
    except IntegrityError:
        raise StateConflict(_("该邮箱刚刚已被注册，请直接登录。")) from None
    audit.record(user, "user.signed_up", by=user)
    return user


def _send_confirmation(user: User) -> None:
    audit.record(user, CONFIRMATION_SENT, by=user)
    mail.send_confirmation(user)


@transaction.atomic
def confirmation_resend(*, user: User) -> None:
    """At most three mails in ten minutes; nothing when the address is confirmed."""
    if user.email_confirmed_at is None:
        require_below(3, action=CONFIRMATION_SENT, by=user, within=timedelta(minutes=10))
        _send_confirmation(user)


@transaction.atomic
def email_confirm(*, token: str) -> User:
    """The link was followed; following it again changes nothing. LinkExpired."""
    user = read_confirmation(token)
    if user.email_confirmed_at is None:
        user.email_confirmed_at = clock.now()
        user.save(update_fields=["email_confirmed_at"])
        audit.record(user, "user.email_confirmed", by=user)
    return user


@transaction.atomic
def user_update(*, user: User, name: str, phone: str) -> None:
    row = User.objects.select_for_update().get(pk=user.pk)
    changes = {"name": [row.name, name], "phone": [row.phone, phone]}
    row.name, row.phone = name, phone
    row.full_clean(exclude=["password"])
    row.save(update_fields=["name", "phone"])
    audit.record(row, "user.updated", by=user, changes=changes)


@transaction.atomic
def user_deactivate(*, user: User, by: User) -> None:
    """Close an account: its sessions and API token end, its colleagues stay; what it did keeps its name."""
    can_deactivate(by, user).require()
    membership = Membership.objects.filter(user=user).first()
    if membership and membership.organisation.memberships.exclude(pk=membership.pk).exists():
        membership.delete()  # the last member's stays, so that somebody can tell whose organisation it was
    Token.objects.filter(user=user).delete()
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record(user, "user.deactivated", by=by)
