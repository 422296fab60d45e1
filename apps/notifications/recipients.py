"""Who is told of what concerns a need, a capability or an organisation."""

from apps.accounts.models import MembershipRole, Organisation, User


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
