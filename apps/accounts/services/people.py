"""Signing up, confirming an address, changing and closing an account."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.models import Token

from apps.accounts import mail
from apps.accounts.administrators import hold_administrators
from apps.accounts.links import read_confirmation, read_invitation
from apps.accounts.models import Membership, MembershipRole, Organisation, User
from apps.accounts.permissions import can_deactivate
from apps.accounts.selectors import is_administrator
from apps.accounts.services.joining import join_ask, tell_owners_of_waiting_request
from apps.accounts.services.limits import require_below
from apps.accounts.services.members import member_accept, requests_lapse
from apps.accounts.signals import user_renamed
from apps.core import audit, clock
from apps.core.errors import DomainError, NotAllowed, StateConflict

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
def user_sign_up_to_join(*, email: str, name: str, phone: str, password: str, organisation: Organisation) -> User:
    """A person whose organisation is registered: they get an account, and its owners are asked to let them in."""
    user = _create_user(email=email, name=name, phone=phone, password=password)
    join_ask(organisation=organisation, by=user)
    _send_confirmation(user)
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
        tell_owners_of_waiting_request(user)
    return user


@transaction.atomic
def user_update(*, user: User, name: str, phone: str) -> None:
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = row.name
    changes = {"name": [row.name, name], "phone": [row.phone, phone]}
    row.name, row.phone = name, phone
    row.full_clean(exclude=["password"])
    row.save(update_fields=["name", "phone"])
    audit.record(row, "user.updated", by=user, changes=changes)
    if before != name:
        user_renamed.send(User, user=row)


@transaction.atomic
def user_deactivate(*, user: User, by: User) -> None:
    """Close an account: its sessions and API token end, its colleagues stay; what it did keeps its name."""
    if user.is_administrator:
        hold_administrators()
    can_deactivate(by, user).require()
    membership = Membership.objects.filter(user=user).first()
    if membership and membership.organisation.memberships.exclude(pk=membership.pk).exists():
        membership.delete()  # the last member's stays, so that somebody can tell whose organisation it was
    requests_lapse(user)
    Token.objects.filter(user=user).delete()
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record(user, "user.deactivated", by=by)


@transaction.atomic
def user_reactivate(*, user: User, by: User) -> None:
    """Open a closed account again; its password holds. Who had colleagues acts for nobody until they are let in anew.

    StateConflict for one that is open, DomainError for one whose person was forgotten.
    """
    if not is_administrator(by):
        raise NotAllowed(_("只有管理员可以重新启用账号。"))
    user = User.objects.select_for_update(no_key=True).get(
        pk=user.pk
    )  # who is just being forgotten has another address after it
    if user.is_erased:
        raise DomainError(_("该用户的个人信息已按申请清除，账号不能恢复。"))
    if user.is_active:
        raise StateConflict(_("该账号没有停用。"))
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(user, "user.reactivated", by=by)
