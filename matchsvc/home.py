"""The home page: for visitors what this is, for everyone else what waits for them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import OrganisationKind, User
from apps.accounts.permissions import can_open_centre
from apps.accounts.selectors import (
    Viewer,
    centre_of,
    is_reviewer,
    organisation_of,
)
from apps.capabilities.models import Capability
from apps.core.switches import is_on
from apps.engagements.models import Engagement, Outcome, OutcomeState
from apps.followups.presentation import StoryView
from apps.followups.selectors import (
    published_stories,
)
from apps.followups.switches import STORIES
from apps.matching.models import Proposal, ProposalState
from apps.matching.selectors import best_of_each_need, needs_that_fit
from apps.needs.models import Need
from matchsvc.waiting import waiting_for_me

MOST_STORIES = 3


@dataclass(frozen=True, slots=True)
class Number:
    label: str
    value: int
    url: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        context = {
            "items": waiting_for_me(request.user),
            "numbers": _own_numbers(request.user),
            "offers_centre": _offers_centre(request.user),
        }
        return render(request, "core/home.html", context)
    shown = published_stories()[:MOST_STORIES] if is_on(STORIES) else []
    stories = [StoryView(story, request.user) for story in shown]
    return render(request, "core/welcome.html", {"numbers": _public_numbers(request.user), "stories": stories})


def _offers_centre(user: User) -> bool:
    """Whether the person could open the cloud R&D centre of their enterprise, which has none yet."""
    organisation = organisation_of(user)
    return organisation is not None and bool(can_open_centre(user, organisation)) and not centre_of(organisation)


def _public_numbers(user: Viewer) -> list[Number]:
    """Each counts the rows of the list it leads to; the figures' own rows are open to reviewers only."""
    confirmed = Outcome.objects.filter(state=OutcomeState.CONFIRMED).count()
    figures = reverse("stats:overview") if is_reviewer(user) else ""
    return [
        Number(_("在榜技术需求"), Need.objects.open().visible_to(user).count(), reverse("needs:board")),
        Number(_("可用创新资源"), Capability.objects.open().visible_to(user).count(), reverse("capabilities:list")),
        Number(_("累计对接"), Engagement.objects.count(), figures),
        Number(_("已确认成效"), confirmed, figures),
    ]


def _own_numbers(user: User) -> list[Number]:
    organisation = organisation_of(user)
    if organisation is None or not (organisation.is_supplier or organisation.kind == OrganisationKind.ENTERPRISE):
        return _public_numbers(user)
    cases = Number(_("我的对接"), Engagement.objects.visible_to(user).count(), reverse("engagements:list"))
    if organisation.is_supplier:
        listed = Capability.objects.open().filter(organisation=organisation).count()
        fitting = best_of_each_need(needs_that_fit(user)).count()
        return [
            Number(_("在架资源"), listed, reverse("capabilities:mine")),
            Number(_("适合我的需求"), fitting, reverse("matching:needs_for_me")),
            cases,
        ]
    posted = Need.objects.open().filter(organisation=organisation)
    proposed = Proposal.objects.visible_to(user).filter(need__in=posted, rank__isnull=False)
    return [
        Number(_("在榜需求"), posted.count(), reverse("needs:mine")),
        Number(_("收到的推荐"), proposed.exclude(state=ProposalState.DECLINED).count(), reverse("matching:inbox")),
        cases,
    ]
