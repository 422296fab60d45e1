"""The reviewers' queue: organisations to verify, needs and capabilities to approve or send back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Organisation
from apps.accounts.selectors import is_reviewer, pending_organisations
from apps.accounts.services import organisation_reject, organisation_verify
from apps.accounts.views.signed_in import signed_in
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.services import capability_approve, capability_return
from apps.core.errors import NotAllowed
from apps.needs.models import Need, NeedState
from apps.needs.services import need_approve, need_return

PAGE_SIZE = 20
CLEAREST = "clearest"
NEED_ORDERS: dict[str, tuple[Any, ...]] = {
    "": ("submitted_at", "id"),
    CLEAREST: (F("clarity_points").desc(nulls_last=True), "submitted_at", "id"),
}
"""Of needs: who came first, or those first that are quickly decided."""


def _waiting(order: str = "") -> dict[str, QuerySet[Any]]:
    """The three queues by the name of their tab, longest waiting first; `order` is one of NEED_ORDERS."""
    needs = Need.objects.filter(state=NeedState.SUBMITTED).select_related("organisation", "industry_chain", "need_type")
    capabilities = Capability.objects.filter(state=CapabilityState.SUBMITTED).select_related("organisation")
    return {
        "organisations": pending_organisations(),
        "needs": needs.order_by(*NEED_ORDERS[order]),
        "capabilities": capabilities.order_by("submitted_at", "id"),
    }


@login_required
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    if not is_reviewer(signed_in(request)):
        raise NotAllowed(_("审核页面仅供平台审核员使用。"))
    order = CLEAREST if request.GET.get("order") == CLEAREST else ""
    queues = _waiting(order)
    labels = {"organisations": _("机构核验"), "needs": _("需求审核"), "capabilities": _("资源审核")}
    chosen = request.GET.get("tab", "")
    tab = chosen if chosen in queues else "organisations"
    tabs = [(name, labels[name], rows.count(), name == tab) for name, rows in queues.items()]
    page = Paginator(queues[tab], PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "core/review.html", {"tab": tab, "tabs": tabs, "page": page, "order": order})


def _back(tab: str) -> HttpResponse:
    return redirect(f"{reverse('review')}?tab={tab}")


def _row(model: type[Any], request: HttpRequest, public_id: str) -> Any:
    """Other people's rows are not even looked for."""
    if not is_reviewer(signed_in(request)):
        raise NotAllowed(_("审核页面仅供平台审核员使用。"))
    return get_object_or_404(model, public_id=public_id)


def _accepting(tab: str, model: type[Any], noun: str, service: Callable[..., object]) -> Callable[..., HttpResponse]:
    @login_required
    @require_POST
    def view(request: HttpRequest, public_id: str) -> HttpResponse:
        row = _row(model, request, public_id)
        service(**{noun: row, "by": signed_in(request)})
        messages.success(request, _("“%(name)s”已通过。") % {"name": row})
        return _back(tab)

    return view


def _refusing(tab: str, model: type[Any], noun: str, service: Callable[..., object]) -> Callable[..., HttpResponse]:
    @login_required
    @require_POST
    def view(request: HttpRequest, public_id: str) -> HttpResponse:
        row = _row(model, request, public_id)
        service(**{noun: row, "by": signed_in(request), "reason": request.POST.get("reason", "")})
        messages.success(request, _("“%(name)s”已退回，对方会看到原因。") % {"name": row})
        return _back(tab)

    return view


accept_organisation = _accepting("organisations", Organisation, "organisation", organisation_verify)
refuse_organisation = _refusing("organisations", Organisation, "organisation", organisation_reject)
accept_need = _accepting("needs", Need, "need", need_approve)
refuse_need = _refusing("needs", Need, "need", need_return)
accept_capability = _accepting("capabilities", Capability, "capability", capability_approve)
refuse_capability = _refusing("capabilities", Capability, "capability", capability_return)
