"""Calls and pairs by hand: what a broker does about a need, a pair or a case."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.core.forms import done
from apps.core.validators import clean_text
from apps.engagements.desk.calls import call_record
from apps.engagements.desk.pairing import pair_recommend
from apps.engagements.desk.permissions import can_recommend, can_record_call
from apps.engagements.desk.selectors import calls_about, capabilities_to_pair, needs_to_pair
from apps.engagements.forms.desk import CallForm, RecommendForm
from apps.engagements.models import Engagement
from apps.engagements.views.desk import referral_or_404
from apps.engagements.views.shared import SignedInRequest
from apps.matching.models import Proposal
from apps.matching.permissions import may_see_proposals_of
from apps.needs.models import Need

MOST_OFFERED = 10


@dataclass(frozen=True, slots=True)
class Subject:
    """What a call is about, and the page to go back to."""

    need: Need
    proposal: Proposal | None
    engagement: Engagement | None
    url: str


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_new(request: SignedInRequest) -> HttpResponse:
    """About the matter, case, pair or need that the address names."""
    can_record_call(request.user).require()
    about = _subject(request)
    form = CallForm(request.POST or None)

    def act() -> object:
        return call_record(
            by=request.user,
            need=about.need,
            proposal=about.proposal,
            engagement=about.engagement,
            **form.cleaned_data,
        )

    if request.method == "POST" and done(form, act):
        messages.success(request, _("电话记录已保存，仅平台工作人员可见。"))
        return redirect(about.url)
    calls = calls_about(request.user, need=about.need, engagement=about.engagement)[:MOST_OFFERED]
    return render(request, "engagements/desk/call_form.html", {"form": form, "about": about, "calls": calls})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pair_new(request: SignedInRequest) -> HttpResponse:
    """Search in both, choose one of each, say why."""
    can_recommend(request.user).require()
    words = {name: _named(request, name)[:60] for name in ("nq", "cq")}
    needs = needs_to_pair(request.user, words["nq"])
    need = needs_to_pair(request.user, "").filter(public_id=_named(request, "need")).first()
    offered = capabilities_to_pair(request.user, need, words["cq"])
    chosen = capabilities_to_pair(request.user, need, "").filter(public_id=_named(request, "capability")).first()
    form = RecommendForm(request.POST or None)
    if request.method == "POST" and need is not None and chosen is not None:
        kept: list[Proposal] = []

        def act() -> object:
            reason = form.cleaned_data["reason"]
            kept.append(pair_recommend(need=need, capability=chosen, reason=reason, by=request.user))
            return kept

        if done(form, act):
            messages.success(request, _("已推荐给双方，推荐理由会显示在推荐页面。"))
            return redirect("matching:proposal", kept[0].public_id)
    context: dict[str, Any] = {"form": form, "need": need, "capability": chosen, **words}
    context |= {"needs": _offered(needs, need), "capabilities": _offered(offered, chosen)}
    return render(request, "engagements/desk/pair.html", context)


def _offered(rows: QuerySet[Any], chosen: object) -> list[Any]:
    """None once one is chosen: the page shows that one, with a link to choose again."""
    return [] if chosen is not None else list(rows[:MOST_OFFERED])


def _named(request: SignedInRequest, name: str) -> str:
    """From the address, without signs that PostgreSQL takes in no query."""
    return clean_text(request.GET.get(name, ""))


def _subject(request: SignedInRequest) -> Subject:
    if public_id := _named(request, "referral"):
        row = referral_or_404(request, public_id)
        return Subject(row.need, row.proposal, row.engagement, reverse("desk:detail", args=[row.public_id]))
    if public_id := _named(request, "engagement"):
        rows = Engagement.objects.visible_to(request.user).select_related("proposal__need", "proposal__capability")
        case = get_object_or_404(rows, public_id=public_id)
        url = reverse("engagements:detail", args=[case.public_id])
        return Subject(case.proposal.need, case.proposal, case, url)
    if public_id := _named(request, "proposal"):
        pairs = Proposal.objects.visible_to(request.user).select_related("need", "capability")
        pair = get_object_or_404(pairs, public_id=public_id)
        return Subject(pair.need, pair, None, reverse("matching:proposal", args=[pair.public_id]))
    return _need_subject(request.user, _named(request, "need"))


def _need_subject(user: User, public_id: str) -> Subject:
    need = get_object_or_404(Need.objects.visible_to(user), public_id=public_id)
    if not may_see_proposals_of(user, need.organisation_id):
        raise Http404
    return Subject(need, None, None, reverse("needs:detail", args=[need.public_id]))
