"""Monthly reports: the list, making one, following it, and taking it away; and having it sent."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.views.signed_in import signed_in
from apps.stats.permissions import for_officials
from apps.stats.report.download import report_file
from apps.stats.report.forms import CITY, ReportForm, SubscriptionForm
from apps.stats.report.models import MonthlyReport, ReportSubscription
from apps.stats.report.services import report_ask, subscription_change, subscription_end

PER_PAGE = 20


def _reports(user: User) -> QuerySet[MonthlyReport]:
    """Without the files: a list need not read them."""
    return MonthlyReport.objects.visible_to(user).select_related("district", "asked_by").defer("content")


@require_safe
@for_officials
@never_cache
def reports(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@for_officials
def build(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = ReportForm(request.POST, user=user)
    if not form.is_valid():
        return _page(request, form=form)
    try:
        report_ask(month=form.cleaned_data["month"], district=form.district, by=user)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, form=form)
    messages.success(request, _("已开始编制，通常几秒钟就好。"))
    return redirect("stats:reports")


@require_POST
@for_officials
def build_again(request: HttpRequest, public_id: str) -> HttpResponse:
    user = signed_in(request)
    report = get_object_or_404(_reports(user), public_id=public_id)
    report_ask(month=report.month, district=report.district, by=user)
    messages.success(request, _("已开始重新编制。"))
    return redirect("stats:reports")


@require_safe
@for_officials
@never_cache
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The row alone, asked for while the report is made."""
    report = get_object_or_404(_reports(signed_in(request)), public_id=public_id)
    return render(request, "stats/report/_row.html", {"report": report})


@require_safe
@for_officials
@never_cache
def download(request: HttpRequest, public_id: str) -> HttpResponse:
    user = signed_in(request)
    report = get_object_or_404(MonthlyReport.objects.visible_to(user).select_related("district"), public_id=public_id)
    if not report.content:
        raise Http404
    return report_file(report, by=user)


@require_POST
@for_officials
def subscribe(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if "end" in request.POST:
        subscription_end(user=user)
        messages.success(request, _("已取消订阅。"))
        return redirect("stats:reports")
    form = SubscriptionForm(request.POST, user=user, auto_id="id_subscribe_%s")
    if not form.is_valid():
        return _page(request, subscription_form=form)
    subscription_change(user=user, day=form.cleaned_data["day"], district=form.district)
    messages.success(request, _("已订阅，编好后会按您的通知设置告诉您。"))
    return redirect("stats:reports")


def _page(request: HttpRequest, **forms: Any) -> HttpResponse:
    """`forms`: those that came back with errors."""
    user = signed_in(request)
    held = ReportSubscription.objects.filter(user=user).select_related("district").first()
    told = {"region": held.district.code if held.district else CITY, "day": held.day} if held else None
    context = {
        "page": Paginator(_reports(user), PER_PAGE).get_page(request.GET.get("page")),
        "form": ReportForm(user=user),
        "subscription": held,
        "subscription_form": SubscriptionForm(initial=told, user=user, auto_id="id_subscribe_%s"),
    }
    return render(request, "stats/report/list.html", context | forms)
