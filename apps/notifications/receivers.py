"""What happens to organisations and their people, told to them in the transaction of the change."""

from typing import Any

from django.dispatch import receiver

from apps.accounts.models import JoinRequest, JoinState, Membership, Organisation, User
from apps.accounts.signals import (
    join_answered,
    join_asked,
    member_joined,
    organisation_rejected,
    organisation_verified,
)
from apps.core import clock
from apps.notifications.recipients import owners_of
from apps.notifications.services import notify
from apps.notifications.silence import without_letters


@receiver(organisation_verified)
def tell_of_verification(sender: object, *, organisation: Organisation, by: User | None, **_: Any) -> None:
    _tell_verdict(organisation, by, "accounts.verified", topic="review", reason="")


@receiver(organisation_rejected)
def tell_of_rejection(sender: object, *, organisation: Organisation, by: User | None, **_: Any) -> None:
    reason = organisation.rejection_reason.rstrip("。")
    _tell_verdict(organisation, by, "accounts.rejected", topic="review", reason=reason)


def _tell_verdict(organisation: Organisation, by: User | None, kind: str, *, topic: str, reason: str) -> None:
    """In the site only: the accounts app writes the owners a letter of the verdict."""
    with without_letters():
        notify(
            event_key=f"organisation:{organisation.public_id}:{kind}:{clock.now():%Y%m%dT%H%M%S}",
            topic=topic,
            recipients=[person for person in owners_of(organisation) if person != by],
            kind=kind,
            params={"organisation": organisation.name, "reason": reason},
            url_name="accounts:organisation",
            by_name=True,
            organisation=organisation,
        )


@receiver(member_joined)
def tell_of_new_colleague(sender: object, *, membership: Membership, **_: Any) -> None:
    """The owners hear who joined; whoever joined knows."""
    notify(
        event_key=f"membership:{membership.pk}:joined",
        topic="account",
        recipients=[person for person in owners_of(membership.organisation) if person.pk != membership.user_id],
        kind="accounts.member_joined",
        params={"person": membership.user.name, "organisation": membership.organisation.name},
        url_name="accounts:organisation",
        by_name=True,
        organisation=membership.organisation,
    )


@receiver(join_asked)
def tell_owners_of_request(sender: object, *, request: JoinRequest, **_: Any) -> None:
    notify(
        event_key=f"join:{request.public_id}:asked",
        topic="account",
        recipients=owners_of(request.organisation),
        kind="accounts.join_asked",
        params={"person": request.person.name, "organisation": request.organisation.name},
        url_name="accounts:organisation",
        by_name=True,
        organisation=request.organisation,
    )


@receiver(join_answered)
def tell_person_of_answer(sender: object, *, request: JoinRequest, **_: Any) -> None:
    """Not as a member: who was refused is none. Who answered is not said."""
    approved = request.state == JoinState.APPROVED
    notify(
        event_key=f"join:{request.public_id}:answered",
        topic="account",
        recipients=[request.person],
        kind="accounts.join_approved" if approved else "accounts.join_refused",
        params={"organisation": request.organisation.name},
        url_name="home" if approved else "accounts:join",
        by_name=True,
    )
