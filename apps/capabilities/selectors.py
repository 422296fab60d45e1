"""What pages and the API show of capabilities. Cards and views carry no owner unless the viewer may know him."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from apps.accounts.disclosure import is_confided, owner_is_shown
from apps.accounts.models import Organisation, User
from apps.accounts.selectors import Viewer, acts_for, organisation_of
from apps.capabilities.kinds import labelled_details
from apps.capabilities.models import Capability, CapabilityIndicator, CapabilityState
from apps.core import clock
from apps.taxonomy.models import Term

EXCERPT_LENGTH = 120


@dataclass(frozen=True, slots=True)
class CapabilityCard:
    """A capability in a list. `owner` is None while it is anonymous to the viewer."""

    public_id: str
    kind: str
    kind_label: str
    title: str
    value: str
    excerpt: str
    state: str
    state_label: str
    industries: tuple[Term, ...]
    district: Term | None
    tags: tuple[Term, ...]
    cooperation_modes: tuple[Term, ...]
    trl: int | None
    owner: Organisation | None
    is_own: bool
    published_at: datetime | None
    confirmed_at: datetime | None
    valid_until: date

    @property
    def days_left(self) -> int:
        return (self.valid_until - clock.today()).days


@dataclass(frozen=True, slots=True)
class CapabilityPrivate:
    """What only its organisation and the platform's staff may see."""

    contact: User | None
    created_by: User | None
    return_reason: str
    organisation_is_verified: bool


@dataclass(frozen=True, slots=True)
class CapabilityView:
    """A capability as a whole, as far as the viewer may see it. `details` are (label, value in words)."""

    card: CapabilityCard
    description: str
    indicators: tuple[CapabilityIndicator, ...]
    tech_fields: tuple[Term, ...]
    details: tuple[tuple[Any, str], ...]
    disclosure_label: str
    private: CapabilityPrivate | None


def with_terms(capabilities: QuerySet[Capability]) -> QuerySet[Capability]:
    """Read beforehand what cards show, so that a list costs the same number of queries whatever its length."""
    return capabilities.select_related("district", "organisation__district").prefetch_related(
        "industries", "tags", "cooperation_modes"
    )


def capability_card(capability: Capability, viewer: Viewer) -> CapabilityCard:
    return CapabilityCard(
        public_id=capability.public_id,
        kind=capability.kind,
        kind_label=str(capability.get_kind_display()),
        title=capability.title,
        value=capability.value,
        excerpt=_excerpt(capability.description),
        state=capability.state,
        state_label=str(capability.get_state_display()),
        industries=tuple(capability.industries.all()),
        district=capability.district or capability.organisation.district,
        tags=tuple(capability.tags.all()),
        cooperation_modes=tuple(capability.cooperation_modes.all()),
        trl=capability.trl,
        owner=capability.organisation if _owner_is_shown(capability, viewer) else None,
        is_own=acts_for(viewer, capability.organisation_id),
        published_at=capability.published_at,
        confirmed_at=capability.confirmed_at,
        valid_until=capability.valid_until,
    )


def capability_view(capability: Capability, viewer: Viewer) -> CapabilityView:
    shown = _owner_is_shown(capability, viewer)
    return CapabilityView(
        card=capability_card(capability, viewer),
        description=capability.description,
        indicators=tuple(capability.indicators.all()),
        tech_fields=tuple(capability.tech_fields.all()),
        details=tuple(labelled_details(capability.kind, capability.details, with_owner=shown)),
        disclosure_label=str(capability.get_disclosure_display()),
        private=_private(capability, viewer),
    )


def capability_for(viewer: Viewer, public_id: str) -> Capability | None:
    """The capability of that name, if the viewer may see it."""
    found = with_terms(Capability.objects.visible_to(viewer)).filter(public_id=public_id)
    return found.select_related("contact__membership", "created_by").first()


def capabilities_of_my_organisation(user: User) -> QuerySet[Capability]:
    organisation = organisation_of(user)
    mine = Capability.objects.filter(organisation=organisation) if organisation else Capability.objects.none()
    return mine.order_by("-updated_at", "-id")


def capabilities_past_their_day() -> QuerySet[Capability]:
    """Published capabilities whose last day is past: somebody has to say whether they still exist."""
    published = Capability.objects.filter(state=CapabilityState.PUBLISHED, valid_until__lt=clock.today())
    return published.order_by("id")


def _owner_is_shown(capability: Capability, viewer: Viewer) -> bool:
    return owner_is_shown(viewer, disclosure=capability.disclosure, organisation=capability.organisation)


def _private(capability: Capability, viewer: Viewer) -> CapabilityPrivate | None:
    if not is_confided(viewer, capability.organisation):
        return None
    return CapabilityPrivate(
        contact=capability.contact,
        created_by=capability.created_by,
        return_reason=capability.return_reason,
        organisation_is_verified=capability.organisation.is_verified,
    )


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_LENGTH else line[: EXCERPT_LENGTH - 1] + "…"
