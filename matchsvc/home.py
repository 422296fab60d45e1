"""The home page: for visitors what this is, for everyone else what waits for them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import CloudCentre, Organisation, OrganisationKind, User
from apps.accounts.permissions import can_open_centre
from apps.accounts.selectors import (
    Viewer,
    is_reviewer,
    organisation_of,
)
from apps.capabilities.models import Capability
from apps.core.counting import counts_of
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
        context = {"items": waiting_for_me(request.user), **_own(request.user)}
        return render(request, "core/home.html", context)
    shown = published_stories()[:MOST_STORIES] if is_on(STORIES) else []
    stories = [StoryView(story, request.user) for story in shown]
    return render(request, "core/welcome.html", {"numbers": _public_numbers(request.user), "stories": stories})


def _public_numbers(user: Viewer) -> list[Number]:
    """Each counts the rows of the list it leads to; the figures' own rows are open to reviewers only."""
    counts = counts_of(
        needs=Need.objects.open_to(user),
        capabilities=Capability.objects.open_to(user),
        cases=Engagement.objects.all(),
        outcomes=Outcome.objects.filter(state=OutcomeState.CONFIRMED),
    )
    figures = reverse("stats:overview") if is_reviewer(user) else ""
    return [
        Number(_("在榜技术需求"), counts["needs"], reverse("needs:board")),
        Number(_("可用创新资源"), counts["capabilities"], reverse("capabilities:list")),
        Number(_("累计对接"), counts["cases"], figures),
        Number(_("已确认成效"), counts["outcomes"], figures),
    ]


def _own(user: User) -> dict[str, Any]:
    """The `numbers` of the person's side, and whether it `offers_centre`, which their enterprise has not opened yet."""
    organisation = organisation_of(user)
    if organisation is not None and organisation.is_supplier:
        return {"numbers": _supplier_numbers(user, organisation)}
    if organisation is None or organisation.kind != OrganisationKind.ENTERPRISE:
        return {"numbers": _public_numbers(user)}
    posted = Need.objects.open().filter(organisation=organisation)
    proposed = Proposal.objects.visible_to(user).filter(need__in=posted, rank__isnull=False)
    counts = counts_of(
        posted=posted,
        proposed=proposed.exclude(state=ProposalState.DECLINED),
        cases=_cases().filter(proposal__need__organisation=organisation),
        supplied=_cases()
        .filter(proposal__capability__organisation=organisation)
        .exclude(proposal__need__organisation=organisation),
        centres=CloudCentre.objects.filter(organisation=organisation),
    )
    numbers = [
        Number(_("在榜需求"), counts["posted"], reverse("needs:mine")),
        Number(_("收到的推荐"), counts["proposed"], reverse("matching:inbox")),
        Number(_("我的对接"), counts["cases"] + counts["supplied"], reverse("engagements:list")),
    ]
    return {"numbers": numbers, "offers_centre": not counts["centres"] and bool(can_open_centre(user, organisation))}


def _supplier_numbers(user: User, organisation: Organisation) -> list[Number]:
    counts = counts_of(
        listed=Capability.objects.open().filter(organisation=organisation),
        fitting=best_of_each_need(needs_that_fit(user)),
        cases=_cases().filter(proposal__capability__organisation=organisation),  # needs are enterprises' alone
    )
    return [
        Number(_("在架资源"), counts["listed"], reverse("capabilities:mine")),
        Number(_("适合我的需求"), counts["fitting"], reverse("matching:needs_for_me")),
        Number(_("我的对接"), counts["cases"], reverse("engagements:list")),
    ]


def _cases() -> QuerySet[Engagement]:
    """Counted for each side by itself, by their pairs, which are accepted: few among the thousands of an organisation.
    Any other way PostgreSQL reads the pairs of the whole city.
    """
    return Engagement.objects.filter(proposal__state=ProposalState.ACCEPTED)
