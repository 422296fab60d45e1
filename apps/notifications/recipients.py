"""Who is told of what concerns a need, a capability or an organisation."""

from collections.abc import Collection
from typing import Any, Protocol

from apps.accounts.models import Membership, MembershipRole, Organisation, User


def owners_of(organisation: Organisation) -> list[User]:
    owners = User.objects.filter(
        membership__organisation=organisation, membership__role=MembershipRole.OWNER, is_active=True
    )
    return list(owners.order_by("pk"))


def speakers(organisation: Organisation, *named: User | None, actor: User | None = None) -> list[User]:
    """The named people who still act for the organisation, else its owners; never whoever did it.

    Where the one who speaks for it did it, nobody else needs to hear: no owner is asked in their place.
    """
    wanted = [person.pk for person in named if person is not None]
    members = User.objects.filter(pk__in=wanted, membership__organisation=organisation, is_active=True)
    found = list(members.order_by("pk")) or owners_of(organisation)
    return [person for person in found if actor is None or person.pk != actor.pk]


class HasContact(Protocol):
    """A need or a capability."""

    pk: Any
    organisation_id: int
    contact_id: int | None


def speakers_of_each(rows: Collection[HasContact]) -> dict[int, list[User]]:
    """`speakers` of many rows of one kind with their contacts, by key, in two queries."""
    named = User.objects.filter(pk__in={row.contact_id for row in rows if row.contact_id}, is_active=True)
    contacts = named.filter(membership__isnull=False).select_related("membership").in_bulk()
    spoken = {
        row.pk: contacts[row.contact_id]
        for row in rows
        if row.contact_id in contacts and contacts[row.contact_id].membership.organisation_id == row.organisation_id
    }
    owners = _owners_of_each({row.organisation_id for row in rows if row.pk not in spoken})
    return {row.pk: [spoken[row.pk]] if row.pk in spoken else owners.get(row.organisation_id, []) for row in rows}


def _owners_of_each(organisations: Collection[int]) -> dict[int, list[User]]:
    found: dict[int, list[User]] = {}
    if organisations:
        rows = Membership.objects.filter(organisation__in=organisations, role=MembershipRole.OWNER)
        for row in rows.filter(user__is_active=True).select_related("user").order_by("user"):
            found.setdefault(row.organisation_id, []).append(row.user)
    return found
