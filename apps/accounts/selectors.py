"""Who a person is on the platform: the questions every visibility rule begins with."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from apps.accounts.models import (
    CloudCentre,
    JoinRequest,
    JoinState,
    Membership,
    MembershipRole,
    Organisation,
    OrganisationState,
    User,
)
from apps.core.withheld import shown_of

Viewer = User | AnonymousUser


def membership_of(user: Viewer) -> Membership | None:
    """The person's membership, its organisation with it; read once per user object."""
    if isinstance(user, User) and not User.membership.is_cached(user):
        prefetch_related_objects([user], Prefetch("membership", Membership.objects.select_related("organisation")))
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


def registered_as(*, credit_code: str = "", name: str = "") -> Organisation | None:
    """The organisation with that code, or that full name where no code is given or known."""
    by_code = Organisation.objects.filter(credit_code=credit_code).first() if credit_code else None
    return by_code or (Organisation.objects.filter(name=name).first() if name else None)


def requests_to_answer(organisation: Organisation) -> QuerySet[JoinRequest]:
    """Who waits to be let in, oldest first; only people who have proved that their address is theirs."""
    waiting = organisation.join_requests.filter(state=JoinState.WAITING, person__is_active=True)
    proved = waiting.filter(person__email_confirmed_at__isnull=False)
    return proved.select_related("person", "organisation").order_by("asked_at", "id")


def claims_to_answer() -> QuerySet[JoinRequest]:
    """Who asks to join an organisation that has nobody yet, oldest first; narrow it to a region with `in_region_of`."""
    waiting = JoinRequest.objects.filter(state=JoinState.WAITING, person__is_active=True)
    proved = waiting.filter(person__email_confirmed_at__isnull=False, organisation__memberships__isnull=True)
    return proved.select_related("person", "organisation__district").order_by("asked_at", "id")


def latest_request_of(person: User) -> JoinRequest | None:
    """What the person asked last; what they took back or what became pointless is nobody's news."""
    told = (JoinState.WAITING, JoinState.APPROVED, JoinState.REFUSED)
    asked = person.join_requests.filter(state__in=told).select_related("organisation")
    return asked.order_by("-asked_at", "-id").first()


def public_centres() -> QuerySet[CloudCentre]:
    """Of verified enterprises, newest first."""
    rows = CloudCentre.objects.filter(shown_of(CloudCentre), organisation__state=OrganisationState.VERIFIED)
    return rows.select_related("organisation__district", "industry_chain").order_by("-opened_at", "-id")


def centre_of(organisation: Organisation) -> CloudCentre | None:
    rows = CloudCentre.objects.select_related("organisation__district", "industry_chain")
    return rows.filter(organisation=organisation).first()
