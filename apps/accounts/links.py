"""Signed links that go out by e-mail. No table holds them: each is bound to a state that its use changes."""

import secrets
from datetime import timedelta
from typing import Any, NamedTuple

from django.core import signing
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Membership, MembershipRole, Organisation, User
from apps.core.errors import DomainError
from apps.core.models import AuditEntry

LIFETIME = timedelta(days=7)
CONFIRMATION_SALT = "accounts.email"
INVITATION_SALT = "accounts.invitation"
INVITATION_ACCEPTED = "invitation.accepted"


class LinkExpired(DomainError):
    default_message = _("链接已失效：可能已过期、已被使用，或复制得不完整。请重新获取。")


class Invitation(NamedTuple):
    organisation: Organisation
    inviter: User
    email: str
    nonce: str


def confirmation_token(user: User) -> str:
    return signing.dumps({"user": user.pk, "email": user.email}, salt=CONFIRMATION_SALT)


def read_confirmation(token: str) -> User:
    """The person whose address the link proves. LinkExpired when their address is another one by now."""
    content = _read(token, CONFIRMATION_SALT)
    user = User.objects.filter(pk=content["user"], email=content["email"], is_active=True).first()
    if user is None:
        raise LinkExpired
    return user


def invitation_token(*, organisation: Organisation, inviter: User, email: str) -> str:
    content = {"organisation": organisation.pk, "inviter": inviter.pk, "email": email, "nonce": secrets.token_hex(8)}
    return signing.dumps(content, salt=INVITATION_SALT)


def read_invitation(token: str) -> Invitation:
    """LinkExpired unless it was never used and who sent it still owns the organisation."""
    content = _read(token, INVITATION_SALT)
    owners = Membership.objects.select_related("organisation", "user").filter(
        organisation=content["organisation"], user=content["inviter"], role=MembershipRole.OWNER, user__is_active=True
    )
    owner = owners.first()
    if owner is None or _is_used(owner.organisation, content["nonce"]):
        raise LinkExpired
    return Invitation(owner.organisation, owner.user, content["email"], content["nonce"])


def _is_used(organisation: Organisation, nonce: str) -> bool:
    """The audit trail remembers: its entries are never changed, so a link used once stays used."""
    return AuditEntry.objects.filter(
        object_type=organisation._meta.label_lower,
        object_id=organisation.pk,
        action=INVITATION_ACCEPTED,
        changes__nonce=nonce,
    ).exists()


def _read(token: str, salt: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = signing.loads(token, salt=salt, max_age=LIFETIME)
    except signing.BadSignature:
        raise LinkExpired from None
    return content
