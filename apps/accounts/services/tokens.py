"""API tokens: one per person, shown once."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from apps.accounts.models import User
from apps.core import audit


@transaction.atomic
def token_create(*, user: User) -> str:
    """A new token; the one before it ends."""
    Token.objects.filter(user=user).delete()
    key: str = Token.objects.create(user=user).key
    audit.record(user, "token.created", by=user)
    return key


@transaction.atomic
def token_revoke(*, user: User) -> None:
    deleted, _rows = Token.objects.filter(user=user).delete()
    if deleted:
        audit.record(user, "token.revoked", by=user)
