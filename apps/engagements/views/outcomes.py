"""Outcomes of a case: reported, corrected, confirmed, rejected, and their evidence."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import StateConflict
from apps.core.forms import renew
from apps.engagements import services
from apps.engagements.forms import OutcomeChangesForm, OutcomeForm, RejectForm
from apps.engagements.models import Engagement, Outcome
from apps.engagements.overtaken import overtaken
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
    initial = {"seen": outcome.revision}
    form = OutcomeChangesForm(request.POST or None, request.FILES or None, instance=outcome, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            services.outcome_correct(outcome=outcome, by=request.user, seen=seen, **form.columns())
        except ValidationError as error:
            form.add_error(None, error)
        except StateConflict:
            return _overtaken_page(request, form, public_id)
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
            services.outcome_reject(outcome=outcome, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except StateConflict as error:  # the reason stays, beside the outcome as it is now
            renew(form, "seen", outcome_or_404(request, public_id).revision)
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已驳回，对方修改后会再请您确认。"))
            return redirect("engagements:detail", outcome.engagement.public_id)
    return detail_page(request, engagement_or_404(request, outcome.engagement.public_id), (outcome, form))


@login_required
@require_safe
def outcome_evidence(request: SignedInRequest, public_id: str) -> FileResponse:
    outcome = outcome_or_404(request, public_id)
    return download(outcome.evidence, outcome.evidence_name, of=outcome, by=request.user)


def _overtaken_page(request: SignedInRequest, form: OutcomeChangesForm, public_id: str) -> HttpResponse:
    """The form with all that was typed, on top of what a colleague saved meanwhile."""
    stored, values = outcome_or_404(request, public_id), form.columns()
    values.pop("evidence", None)  # its name stands beside the field
    renew(form, "seen", stored.revision)
    return _form_page(request, form, stored.engagement, stored, overtaken=overtaken(stored, values))


def _form_page(
    request: SignedInRequest,
    form: OutcomeForm,
    engagement: Engagement,
    outcome: Outcome | None = None,
    **context: Any,
) -> HttpResponse:
    context |= {"form": form, "engagement": engagement, "outcome": outcome}
    return render(request, "engagements/outcome_form.html", context)
