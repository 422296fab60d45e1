"""Requests to be forgotten, as administrators see them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.views.signed_in import signed_in
from apps.administration.erasing.mentions import MOST_SHOWN, mentions_of
from apps.administration.erasing.plan import plan_for
from apps.administration.models import ErasureRequest, ErasureState
from apps.administration.services.erasure import can_be_forgotten, erasure_cancel, erasure_carry_out
from apps.administration.services.mentions import mention_replace
from apps.administration.views.guards import for_administrators

PAGE_SIZE = 30


@for_administrators
@require_safe
def erasure_list(request: HttpRequest) -> HttpResponse:
    rows = ErasureRequest.objects.select_related("person", "decided_by").order_by("decided_at", "due_at", "id")
    waiting = rows.filter(state=ErasureState.WAITING)
    decided = rows.exclude(state=ErasureState.WAITING).order_by("-decided_at", "-id")
    page = Paginator(decided, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "office/erasures.html", {"waiting": waiting, "page": page, "section": "erasures"})


@for_administrators
@require_safe
def erasure(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _request(public_id)
    is_waiting = row.state == ErasureState.WAITING
    context = {
        "request_row": row,
        "plan": plan_for(row.person) if is_waiting else None,
        "decision": can_be_forgotten(row.person) if is_waiting else None,
        "is_own": row.person_id == signed_in(request).pk,
        "section": "erasures",
    }
    return render(request, "office/erasure.html", context)


@for_administrators
@require_http_methods(["GET", "POST"])
def mentions(request: HttpRequest, public_id: str) -> HttpResponse:
    """Each text in which the name stands; POST replaces it in one."""
    row = _request(public_id)
    if request.method == "POST":
        place, key = request.POST.get("place", "")[:120], request.POST.get("key", "")[:40]
        mention_replace(request=row, place=place, key=key, by=signed_in(request))
        messages.success(request, _("已替换为“已注销用户”。"))
        return redirect("office:erasure_mentions", public_id)
    if row.state != ErasureState.WAITING:
        return redirect("office:erasure", public_id)
    context = {
        "request_row": row,
        "mentions": mentions_of(row.person),
        "may_replace": row.is_due and row.person_id != signed_in(request).pk,
        "most": MOST_SHOWN,
        "section": "erasures",
    }
    return render(request, "office/mentions.html", context)


@for_administrators
@require_POST
def carry_out(request: HttpRequest, public_id: str) -> HttpResponse:
    erasure_carry_out(request=_request(public_id), by=signed_in(request), typed=request.POST.get("typed", ""))
    messages.success(request, _("个人信息已清除，业务记录以化名保留。"))
    return redirect("office:erasure", public_id)


@for_administrators
@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    erasure_cancel(request=_request(public_id), by=signed_in(request))
    messages.success(request, _("注销申请已撤回。"))
    return redirect("office:erasure", public_id)


def _request(public_id: str) -> ErasureRequest:
    return get_object_or_404(ErasureRequest.objects.select_related("person", "decided_by"), public_id=public_id)
