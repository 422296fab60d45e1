"""What pages and the API show of needs. Cards and views carry no owner unless the viewer may know him."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.disclosure import is_confided, owner_is_shown
from apps.accounts.models import Organisation, User
from apps.accounts.selectors import Viewer, acts_for, is_broker, is_reviewer, organisation_of
from apps.core import clock
from apps.needs.access import is_partner
from apps.needs.analysis import Clarity, assess_clarity
from apps.needs.clarity import said_by
from apps.needs.elements import COUNTED, ElementValues, stored_elements
from apps.needs.models import OPEN_STATES, AttachmentVisibility, Need, NeedAttachment, NeedIndicator, NeedState
from apps.needs.reading import ClarityPanel, ElementGroup, Stretch, clarity_panel, element_groups, marked_text
from apps.needs.reply_figures import first_reply_text
from apps.taxonomy.models import Term

EXCERPT_LENGTH = 120
WAITING_STATES = (NeedState.DRAFT, NeedState.RETURNED, NeedState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class NeedCard:
    """A need in a list. `owner` is None while it is anonymous to the viewer."""

    public_id: str
    title: str
    excerpt: str
    state: str
    state_label: str
    need_type: Term | None
    industry_chain: Term | None
    district: Term | None
    tags: tuple[Term, ...]
    cooperation_modes: tuple[Term, ...]
    budget: str
    owner: Organisation | None
    is_own: bool
    nda_required: bool
    published_at: datetime | None
    confirmed_at: datetime | None
    valid_until: date

    @property
    def days_left(self) -> int:
        return (self.valid_until - clock.today()).days


@dataclass(frozen=True, slots=True)
class NeedPrivate:
    """What only its organisation and the platform's staff may see."""

    contact: User | None
    created_by: User | None
    budget_wan: str
    return_reason: str
    organisation_is_verified: bool


@dataclass(frozen=True, slots=True)
class NeedReading:
    """What was read from the text: for those who write it, and for those who help to make it clear.

    `title`, `background` and `goal` are the texts cut at their elements; whole while they are not read yet.
    """

    elements: tuple[ElementValues, ...]
    groups: list[ElementGroup]
    clarity: Clarity | None
    panel: ClarityPanel | None
    background: list[Stretch]
    goal: list[Stretch]


@dataclass(frozen=True, slots=True)
class NeedView:
    """A need as a whole, as far as the viewer may see it."""

    card: NeedCard
    background: str
    goal: str
    indicators: tuple[NeedIndicator, ...]
    tech_fields: tuple[Term, ...]
    expected_months: int | None
    trl_now: int | None
    trl_target: int | None
    tried: str
    unwanted: str
    partner_requirements: str
    partner_region: str
    ip_terms: Term | None
    disclosure_label: str
    attachments: tuple[NeedAttachment, ...]
    hidden_attachments_count: int
    private: NeedPrivate | None
    reading: NeedReading | None
    first_reply: str


def with_terms(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Read beforehand what cards show, so that a list costs the same number of queries whatever its length."""
    return needs.select_related("need_type", "industry_chain", "organisation__district").prefetch_related(
        "tags", "cooperation_modes"
    )


def need_card(need: Need, viewer: Viewer) -> NeedCard:
    shown = owner_is_shown(viewer, disclosure=need.disclosure, organisation=need.organisation)
    return NeedCard(
        public_id=need.public_id,
        title=need.title or _("（未命名）"),
        excerpt=_excerpt(need.goal or need.background),
        state=need.state,
        state_label=str(need.get_state_display()),
        need_type=need.need_type,
        industry_chain=need.industry_chain,
        district=need.organisation.district,
        tags=tuple(need.tags.all()),
        cooperation_modes=tuple(need.cooperation_modes.all()),
        budget=str(need.get_budget_band_display()) if need.budget_band else "",
        owner=need.organisation if shown else None,
        is_own=acts_for(viewer, need.organisation_id),
        nda_required=need.nda_required,
        published_at=need.published_at,
        confirmed_at=need.confirmed_at or need.published_at,
        valid_until=need.valid_until,
    )


def need_view(need: Need, viewer: Viewer) -> NeedView:
    attachments = list(need.attachments.all())
    shown = tuple(file for file in attachments if attachment_is_shown(file, need, viewer))
    return NeedView(
        card=need_card(need, viewer),
        background=need.background,
        goal=need.goal,
        indicators=tuple(need.indicators.all()),
        tech_fields=tuple(need.tech_fields.all()),
        expected_months=need.expected_months,
        trl_now=need.trl_now,
        trl_target=need.trl_target,
        tried=need.tried,
        unwanted=need.unwanted,
        partner_requirements=need.partner_requirements,
        partner_region=need.partner_region,
        ip_terms=need.ip_terms,
        disclosure_label=str(need.get_disclosure_display()),
        attachments=shown,
        hidden_attachments_count=_promised(attachments) - _promised(shown),
        private=_private(need, viewer),
        reading=_reading(need, viewer),
        first_reply=first_reply_text(need),
    )


def need_for(viewer: Viewer, public_id: str) -> Need | None:
    """The need of that name if the viewer may see it: by its disclosure, or as its partner."""
    found = _whole(Need.objects.visible_to(viewer)).filter(public_id=public_id).first()
    if found is None:
        hidden = _whole(Need.objects.all()).filter(public_id=public_id).first()
        found = hidden if hidden and is_partner(viewer, hidden) else None
    return found


def _whole(needs: QuerySet[Need]) -> QuerySet[Need]:
    return with_terms(needs).select_related("ip_terms", "contact", "created_by")


def attachment_is_shown(file: NeedAttachment, need: Need, viewer: Viewer) -> bool:
    """For somebody who sees the need: whether this file too, by its own visibility."""
    if is_confided(viewer, need.organisation):
        return True
    if file.visibility == AttachmentVisibility.WITH_NEED:
        return True
    return file.visibility == AttachmentVisibility.AFTER_ACCEPTANCE and is_partner(viewer, need)


def needs_of_my_organisation(user: User) -> QuerySet[Need]:
    organisation = organisation_of(user)
    mine = Need.objects.filter(organisation=organisation) if organisation else Need.objects.none()
    return mine.order_by("-updated_at", "-id")


def needs_past_their_day() -> QuerySet[Need]:
    """Published needs whose last day is past. Engaged ones go on: people are at work on them."""
    return Need.objects.filter(state=NeedState.PUBLISHED, valid_until__lt=clock.today()).order_by("id")


def needs_to_read(most: int) -> QuerySet[Need]:
    """Needs whose text was not read since it last changed, the newest first; what is over need not be read."""
    waiting = Need.objects.filter(analysed_version__lt=F("version"), state__in=(*OPEN_STATES, *WAITING_STATES))
    return waiting.order_by("-id")[:most]


def _private(need: Need, viewer: Viewer) -> NeedPrivate | None:
    if not is_confided(viewer, need.organisation):
        return None
    return NeedPrivate(
        contact=need.contact,
        created_by=need.created_by,
        budget_wan=f"{need.budget_wan.normalize():f}" if need.budget_wan is not None else "",
        return_reason=need.return_reason,
        organisation_is_verified=need.organisation.is_verified,
    )


def _reading(need: Need, viewer: Viewer) -> NeedReading | None:
    if not acts_for(viewer, need.organisation_id) and not is_reviewer(viewer) and not is_broker(viewer):
        return None
    is_read = need.analysed_version == need.version  # places in an older text say nothing
    elements = tuple(element for element in stored_elements(need) if element.state in COUNTED) if is_read else ()
    clarity = assess_clarity(said_by(need, elements)) if is_read else None
    return NeedReading(
        elements=elements,
        groups=element_groups(elements),
        clarity=clarity,
        panel=clarity_panel(clarity),
        background=marked_text(need.background, "background", elements),
        goal=marked_text(need.goal, "goal", elements),
    )


def _promised(files: "tuple[NeedAttachment, ...] | list[NeedAttachment]") -> int:
    """How many become visible once both sides accepted; that private ones exist is nobody's business."""
    return sum(file.visibility == AttachmentVisibility.AFTER_ACCEPTANCE for file in files)


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_LENGTH else line[: EXCERPT_LENGTH - 1] + "…"
