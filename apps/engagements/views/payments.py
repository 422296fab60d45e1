"""Instalments and milestones of a contract: small forms on its page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.forms import done
from apps.engagements import services
from apps.engagements.forms import InstalmentForm, MilestoneForm, ReceiptForm
from apps.engagements.models import Instalment, Milestone
from apps.engagements.selectors import contracts_of, instalments_of, milestones_of
from apps.engagements.views.contracts import contract_page
from apps.engagements.views.shared import SignedInRequest, engagement_or_404


@login_required
@require_POST
def instalment_add(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    contract = get_object_or_404(contracts_of(request.user), engagement=engagement)
    form = InstalmentForm(request.POST, auto_id="id_instalment_%s")
    if done(form, lambda: services.instalment_plan(contract=contract, by=request.user, **form.cleaned_data)):
        return redirect("engagements:contract", engagement.public_id)
    return contract_page(request, engagement, instalment=form)


@login_required
@require_POST
def instalment_receive(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = _instalment(request, public_id)
    form = ReceiptForm(request.POST, auto_id=f"id_{row.public_id}_%s")
    if done(form, lambda: services.instalment_receive(instalment=row, by=request.user, **form.cleaned_data)):
        messages.success(request, _("到账已登记。"))
        return redirect("engagements:contract", row.contract.engagement.public_id)
    engagement = engagement_or_404(request, row.contract.engagement.public_id)
    return contract_page(request, engagement, receipt={row.pk: form})


@login_required
@require_POST
def instalment_take_back(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = _instalment(request, public_id)
    services.instalment_take_back(instalment=row, by=request.user)
    messages.success(request, _("到账登记已撤销，进展中保留了原来的金额。"))
    return redirect("engagements:contract", row.contract.engagement.public_id)


@login_required
@require_POST
def instalment_drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = _instalment(request, public_id)
    services.instalment_drop(instalment=row, by=request.user)
    return redirect("engagements:contract", row.contract.engagement.public_id)


@login_required
@require_POST
def milestone_add(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    contract = get_object_or_404(contracts_of(request.user), engagement=engagement)
    form = MilestoneForm(request.POST, auto_id="id_milestone_%s")
    if done(form, lambda: services.milestone_set(contract=contract, by=request.user, **form.cleaned_data)):
        return redirect("engagements:contract", engagement.public_id)
    return contract_page(request, engagement, milestone=form)


@login_required
@require_POST
def milestone_accept(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = services.milestone_accept(milestone=_milestone(request, public_id), by=request.user)
    messages.success(request, _("双方验收通过。") if row.accepted_at else _("已验收，等待对方验收。"))
    return redirect("engagements:contract", row.contract.engagement.public_id)


@login_required
@require_POST
def milestone_withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = services.milestone_withdraw(milestone=_milestone(request, public_id), by=request.user)
    return redirect("engagements:contract", row.contract.engagement.public_id)


@login_required
@require_POST
def milestone_drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = _milestone(request, public_id)
    services.milestone_drop(milestone=row, by=request.user)
    return redirect("engagements:contract", row.contract.engagement.public_id)


def _instalment(request: SignedInRequest, public_id: str) -> Instalment:
    return get_object_or_404(instalments_of(request.user), public_id=public_id)


def _milestone(request: SignedInRequest, public_id: str) -> Milestone:
    return get_object_or_404(milestones_of(request.user), public_id=public_id)
