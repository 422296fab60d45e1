"""Renewing: one need from a letter, with one button; or several from a list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.views.signed_in import signed_in
from apps.needs.permissions import can_manage
from apps.needs.renewals import is_due, needs_due, needs_renew
from apps.needs.selectors import need_for
from apps.needs.services import need_renew
from apps.needs.services.upkeep import renewed_until

PER_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def renewal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Reading it changes nothing. A need that was renewed meanwhile, by a second click too, is not renewed again."""
    user = signed_in(request)
    need = need_for(user, public_id)
    if need is None:
        raise Http404
    can_manage(user, need).require()
    if request.method == "POST" and is_due(need):
        need_renew(need=need, by=user)
        messages.success(request, _("已续期至 %(day)s。") % {"day": need.valid_until.isoformat()})
    if request.method == "POST":
        return redirect("needs:detail", need.public_id)
    context = {"need": need, "is_due": is_due(need), "until": renewed_until(need)}
    return render(request, "needs/renewal.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def renewals(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    due = needs_due(user)
    if request.method == "POST":
        ids = [row for row in request.POST.getlist("row")[:PER_PAGE] if row.isalnum()]
        renewed = needs_renew(needs=due.filter(public_id__in=ids), by=user)
        _tell(request, renewed.done)
        for sentence in renewed.refused:
            messages.error(request, sentence)
        return redirect("needs:renewals")
    page = Paginator(due, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(need, renewed_until(need)) for need in page]
    return render(request, "needs/renewals.html", {"page": page, "rows": rows})


def _tell(request: HttpRequest, done: int) -> None:
    if not done:
        messages.info(request, _("请先勾选要续期的需求。"))
        return
    said = ngettext("已续期 %(count)d 项需求。", "已续期 %(count)d 项需求。", done)
    messages.success(request, said % {"count": done})
