"""Reporting something that is public, and what came of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.views.signed_in import signed_in
from apps.core.forms import renew
from apps.review.forms.reports import AnswerForm, ReportForm
from apps.review.models import Report, ReportReason, ReportState, Withholding
from apps.review.permissions import can_answer, can_handle, can_report, can_use_desk
from apps.review.presentation import page_of
from apps.review.reported import RELATED, subject_for
from apps.review.services import Overtaken
from apps.review.services.reporting import is_kept_by_cases, may_take_down, report_answer, report_make
from apps.review.services.withholding import withholding_lift

PAGE_SIZE = 20


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    user = signed_in(request)
    subject = subject_for(user, kind, public_id)
    can_report(user, subject).require()
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data  # of a report that is answered already perhaps not all of it: the service says so
        try:
            report_make(subject=subject, by=user, reason=ReportReason(given["reason"]), text=given["text"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已收到您的举报，处理后会通知您。发布方不会知道是谁举报的。"))
            return redirect("reports_mine")
    context = {"form": form, "subject": subject, "back_url": page_of(subject)}
    return render(request, "review/report_form.html", context)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    rows = Report.objects.filter(reporter=signed_in(request)).select_related(*RELATED).order_by("-created_at", "-id")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "review/reports_mine.html", {"page": page})


@login_required
@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    report = _report(request, public_id)
    return _page(request, report, _form(report))


@login_required
@require_POST
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    report = _report(request, public_id)
    form = _form(report, request.POST)
    if not form.is_valid() and report.is_open:
        return _page(request, report, form)
    given = form.cleaned_data  # of a report that is answered already perhaps not all of it: the service says so
    try:
        state, seen = ReportState(given.get("state", ReportState.KEPT)), given.get("seen", report.subject_version)
        report_answer(report=report, by=signed_in(request), state=state, text=given.get("text", ""), seen=seen)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, report, form)
    except Overtaken as overtaken:
        form.add_error(None, str(overtaken))
        renew(form, "seen", report.subject_version)
        return _page(request, report, form)
    messages.success(request, _("已记下处理结果。"))
    return redirect(f"{reverse('review')}?tab=reports")


@login_required
@require_POST
def lift(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show again what was kept back."""
    user = signed_in(request)
    can_use_desk(user).require()
    withholding = get_object_or_404(Withholding, public_id=public_id)
    can_handle(user, withholding.row).require()
    try:
        withholding_lift(withholding=withholding, by=user, note=request.POST.get("note", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("“%(name)s”已恢复展示。") % {"name": withholding})
    return redirect(f"{reverse('review')}?tab=withheld")


def _form(report: Report, data: Any = None) -> AnswerForm:
    is_asked = report.state == ReportState.ASKED
    subject = report.subject
    may, is_withheld = may_take_down(subject), is_kept_by_cases(subject)
    initial = {"seen": report.subject_version}
    return AnswerForm(data, initial=initial, may_take_down=may, is_asked=is_asked, is_withheld=is_withheld)


def _page(request: HttpRequest, report: Report, form: AnswerForm) -> HttpResponse:
    may = can_answer(signed_in(request), report)
    context = {
        "report": report,
        "subject": report.subject,
        "subject_url": page_of(report.subject),
        "form": form if report.is_open and may else None,
        "refusal": "" if may else may.reason,
    }
    return render(request, "review/report.html", context)


def _report(request: HttpRequest, public_id: str) -> Report:
    """For reviewers of the region; a reviewer's own report is shown, and answered by somebody else."""
    user = signed_in(request)
    can_use_desk(user).require()
    report = get_object_or_404(Report.objects.select_related(*RELATED), public_id=public_id)
    if report.reporter_id != user.pk:
        can_answer(user, report).require()
    return report
