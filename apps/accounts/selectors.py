"""Who a person is on the platform: the questions every visibility rule begins with."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from apps.accounts.models import Membership, MembershipRole, Organisation, OrganisationState, User

Viewer = User | AnonymousUser


def membership_of(user: Viewer) -> Membership | None:
    """The person's membership; read once per user object."""
    return getattr(user, "membership", None)


def organisation_of(user: Viewer) -> Organisation | None:
    found = membership_of(user)
    return found.organisation if found else None


def acts_for(user: Viewer, organisation_id: int) -> bool:
    found = membership_of(user)
    return found is not None and found.organisation_id == organisation_id


def is_reviewer(user: Viewer) -> bool:
    """Reviewers, and administrators."""
    return isinstance(user, User) and user.is_reviewer


def is_administrator(user: Viewer) -> bool:
    return isinstance(user, User) and user.is_administrator


def is_broker(user: Viewer) -> bool:
    return isinstance(user, User) and user.is_broker


def is_verified_member(user: Viewer) -> bool:
    """A signed-in person of a verified organisation, or staff of the platform."""
    if is_reviewer(user) or is_broker(user):
        return True
    organisation = organisation_of(user)
    return organisation is not None and organisation.is_verified


def first_owner_of(organisation: Organisation) -> User | None:
    """Who speaks for it where nobody else is named: its owner of longest standing."""
    owners = organisation.memberships.filter(role=MembershipRole.OWNER).order_by("joined_at", "id")
    first = owners.select_related("user").first()
    return first.user if first else None


def pending_organisations() -> QuerySet[Organisation]:
    """Waiting to be verified, oldest first."""
    rows = Organisation.objects.filter(state=OrganisationState.PENDING).select_related("district")
    return rows.prefetch_related("memberships__user").order_by("created_at", "id")
