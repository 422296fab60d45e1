"""Outcomes of a case: reported, corrected, confirmed, rejected, and their evidence."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.engagements import services
from apps.engagements.forms import OutcomeForm, RejectForm
from apps.engagements.models import Engagement, Outcome
from apps.engagements.permissions import can_correct, can_report
from apps.engagements.views.cases import detail_page
from apps.engagements.views.downloads import download
from apps.engagements.views.shared import SignedInRequest, engagement_or_404, outcome_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def outcome_create(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    can_report(request.user, engagement).require()
    form = OutcomeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.outcome_report(engagement=engagement, by=request.user, **form.columns())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("成效已填报，等待对方确认。确认后计入统计。"))
            return redirect("engagements:detail", engagement.public_id)
    return _form_page(request, form, engagement)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def outcome_correct(request: SignedInRequest, public_id: str) -> HttpResponse:
    outcome = outcome_or_404(request, public_id)
    can_correct(request.user, outcome).require()
    form = OutcomeForm(request.POST or None, request.FILES or None, instance=outcome)
    if request.method == "POST" and form.is_valid():
        try:
            services.outcome_correct(outcome=outcome, by=request.user, **form.columns())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("修改已保存，等待对方确认。"))
            return redirect("engagements:detail", outcome.engagement.public_id)
    return _form_page(request, form, outcome.engagement, outcome)


@login_required
@require_POST
def outcome_confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    outcome = outcome_or_404(request, public_id)
    services.outcome_confirm(outcome=outcome, by=request.user, seen=request.GET.get("seen", ""))
    messages.success(request, _("成效已确认，感谢您的反馈。"))
    return redirect("engagements:detail", outcome.engagement.public_id)


@login_required
@require_POST
def outcome_reject(request: SignedInRequest, public_id: str) -> HttpResponse:
    outcome = outcome_or_404(request, public_id)
    form = RejectForm(request.POST, auto_id=f"id_{outcome.public_id}_%s")
    if form.is_valid():
        try:
            services.outcome_reject(outcome=outcome, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已驳回，对方修改后会再请您确认。"))
            return redirect("engagements:detail", outcome.engagement.public_id)
    return detail_page(request, engagement_or_404(request, outcome.engagement.public_id), (outcome, form))


@login_required
@require_safe
def outcome_evidence(request: SignedInRequest, public_id: str) -> FileResponse:
    outcome = outcome_or_404(request, public_id)
    return download(outcome.evidence, outcome.evidence_name, of=outcome, by=request.user)


def _form_page(
    request: SignedInRequest, form: OutcomeForm, engagement: Engagement, outcome: Outcome | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "engagement": engagement, "outcome": outcome}
    return render(request, "engagements/outcome_form.html", context)
