"""Asking to join an organisation, and its owners' answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.forms import JoinForm
from apps.accounts.models import JoinRequest, User
from apps.accounts.permissions import can_answer_join
from apps.accounts.regions import in_region_of
from apps.accounts.selectors import claims_to_answer, is_reviewer, latest_request_of, organisation_of
from apps.accounts.services import join_approve, join_ask, join_refuse, join_withdraw
from apps.accounts.views.signed_in import signed_in
from apps.core.errors import NotAllowed

CLAIMS_A_PAGE = 20


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """What the person asked last, and the form while nothing waits."""
    user = signed_in(request)
    if organisation_of(user) is not None:
        return redirect("accounts:organisation")
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        join_ask(organisation=form.cleaned_data["which"], by=user, note=form.cleaned_data["note"])
        messages.success(request, _("申请已提交，负责人同意后会通知您。"))
        return redirect("accounts:join")
    return render(request, "accounts/join.html", {"form": form, "asked": latest_request_of(user)})


@login_required
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    user = signed_in(request)
    join_withdraw(request=get_object_or_404(JoinRequest, public_id=public_id, person=user), by=user)
    messages.success(request, _("申请已撤回。"))
    return redirect("accounts:join")


@login_required
@require_POST
def approve(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _asked_of_mine(request, public_id)
    join_approve(request=row, by=signed_in(request))
    messages.success(
        request, _("%(name)s 已加入“%(organisation)s”。") % {"name": row.person, "organisation": row.organisation}
    )
    return _answered(row, signed_in(request))


@login_required
@require_POST
def refuse(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _asked_of_mine(request, public_id)
    join_refuse(request=row, by=signed_in(request))
    messages.success(request, _("已婉拒 %(name)s 的加入申请。") % {"name": row.person})
    return _answered(row, signed_in(request))


@login_required
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """For reviewers: who says to belong to an organisation of the region that has nobody yet."""
    user = signed_in(request)
    if not is_reviewer(user):
        raise NotAllowed(_("认领申请由平台审核员核实。"))
    rows = claims_to_answer().filter(in_region_of(user, "organisation__district"))
    page = Paginator(rows, CLAIMS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/claims.html", {"page": page})


def _asked_of_mine(request: HttpRequest, public_id: str) -> JoinRequest:
    """For who answers it; others of the organisation are refused, strangers find nothing."""
    user = signed_in(request)
    rows = JoinRequest.objects.select_related("organisation", "person")
    mine = Q(organisation=organisation_of(user))
    if is_reviewer(user):
        mine |= Q(organisation__memberships__isnull=True) & in_region_of(user, "organisation__district")
    row = get_object_or_404(rows.filter(mine).distinct(), public_id=public_id)  # else once for each member
    can_answer_join(user, row.organisation).require()
    return row


def _answered(row: JoinRequest, by: User) -> HttpResponse:
    """Back to the list that the request was answered in."""
    return redirect("accounts:organisation" if organisation_of(by) == row.organisation else "accounts:claims")
