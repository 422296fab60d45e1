"""业绩: a broker's shares of contracts, and their confirmation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.selectors import is_administrator, is_broker
from apps.engagements.desk.credits import credits_confirm, credits_propose, revision_of
from apps.engagements.desk.permissions import can_propose_credits
from apps.engagements.desk.selectors import brokers, contracts_to_confirm, credit_totals, credits_of
from apps.engagements.forms.desk import SharesFormSet, shares_of
from apps.engagements.models import Contract, ContractCredit
from apps.engagements.selectors import contracts_of
from apps.engagements.views.shared import SignedInRequest, engagement_or_404

PAGE_SIZE = 20


@login_required
@require_safe
def credit_list(request: SignedInRequest) -> HttpResponse:
    if not is_broker(request.user) and not is_administrator(request.user):
        raise Http404
    rows = credits_of(request.user)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = [(contract, shares, revision_of(shares)) for contract, shares in _waiting(request)]
    context = {"page": page, "waiting": waiting, "totals": credit_totals(rows)}
    return render(request, "engagements/desk/credits.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def credits_edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The shares of one case's contract, written together."""
    engagement = engagement_or_404(request, public_id)
    contract = get_object_or_404(contracts_of(request.user), engagement=engagement)
    can_propose_credits(request.user, contract).require()
    now = [{"broker": row.broker_id, "percent": row.percent} for row in contract.credits.all()]
    forms = SharesFormSet(request.POST or None, initial=now, form_kwargs={"people": brokers()})
    problem = ""
    if request.method == "POST" and forms.is_valid():
        try:
            credits_propose(contract=contract, shares=shares_of(forms), by=request.user)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, _("业绩分配已提交，管理员确认后计入业绩。"))
            return redirect("engagements:contract", engagement.public_id)
    context = {"forms": forms, "engagement": engagement, "contract": contract, "problem": problem}
    return render(request, "engagements/desk/credits_form.html", context)


@login_required
@require_POST
def credits_accept(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    contract = get_object_or_404(contracts_of(request.user), engagement=engagement)
    credits_confirm(contract=contract, by=request.user, seen=request.GET.get("seen", ""))
    messages.success(request, _("业绩分配已确认。"))
    return redirect("desk:credits")


def _waiting(request: SignedInRequest) -> list[tuple[Contract, list[ContractCredit]]]:
    rows = contracts_to_confirm(request.user).prefetch_related("credits__broker")
    return [(contract, list(contract.credits.all())) for contract in rows[:PAGE_SIZE]]
