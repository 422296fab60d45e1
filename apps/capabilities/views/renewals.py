"""Confirming: one capability from a letter, with one button; or several from a list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.views.signed_in import signed_in
from apps.capabilities.permissions import can_manage
from apps.capabilities.renewals import capabilities_confirm, capabilities_due, is_due
from apps.capabilities.selectors import capability_for
from apps.capabilities.services import capability_confirm
from apps.capabilities.services.upkeep import renewed_until

PER_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def renewal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Reading it changes nothing. What was confirmed meanwhile, by a second click too, is not confirmed again."""
    user = signed_in(request)
    capability = capability_for(user, public_id)
    if capability is None:
        raise Http404
    can_manage(user, capability).require()
    if request.method == "POST" and is_due(capability):
        capability_confirm(capability=capability, by=user)
        messages.success(request, _("已确认，有效期至 %(day)s。") % {"day": capability.valid_until.isoformat()})
    if request.method == "POST":
        return redirect("capabilities:detail", capability.public_id)
    context = {"capability": capability, "is_due": is_due(capability), "until": renewed_until()}
    return render(request, "capabilities/renewal.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def renewals(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    due = capabilities_due(user)
    if request.method == "POST":
        ids = [row for row in request.POST.getlist("row")[:PER_PAGE] if row.isalnum()]
        confirmed = capabilities_confirm(capabilities=due.filter(public_id__in=ids), by=user)
        _tell(request, confirmed.done)
        for sentence in confirmed.refused:
            messages.error(request, sentence)
        return redirect("capabilities:renewals")
    page = Paginator(due, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "capabilities/renewals.html", {"page": page, "until": renewed_until()})


def _tell(request: HttpRequest, done: int) -> None:
    if not done:
        messages.info(request, _("请先勾选仍然有效的资源。"))
        return
    said = ngettext("已确认 %(count)d 项资源仍然有效。", "已确认 %(count)d 项资源仍然有效。", done)
    messages.success(request, said % {"count": done})
