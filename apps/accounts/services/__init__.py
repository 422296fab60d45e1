"""Whatever changes people, organisations and memberships."""

from apps.accounts.services.centres import cloud_centre_change, cloud_centre_open
from apps.accounts.services.joining import join_approve, join_ask, join_refuse, join_withdraw
from apps.accounts.services.members import member_accept, member_invite, member_make_owner, member_remove
from apps.accounts.services.organisations import (
    organisation_register,
    organisation_reject,
    organisation_update,
    organisation_verify,
)
from apps.accounts.services.people import (
    confirmation_resend,
    email_confirm,
    user_deactivate,
    user_reactivate,
    user_sign_up,
    user_sign_up_invited,
    user_sign_up_to_join,
    user_update,
)
from apps.accounts.services.tokens import token_create, token_revoke

__all__ = [
    "cloud_centre_change",
    "cloud_centre_open",
    "confirmation_resend",
    "email_confirm",
    "join_approve",
    "join_ask",
    "join_refuse",
    "join_withdraw",
    "member_accept",
    "member_invite",
    "member_make_owner",
    "member_remove",
    "organisation_register",
    "organisation_reject",
    "organisation_update",
    "organisation_verify",
    "token_create",
    "token_revoke",
    "user_deactivate",
    "user_reactivate",
    "user_sign_up",
    "user_sign_up_invited",
    "user_sign_up_to_join",
    "user_update",
]
