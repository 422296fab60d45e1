"""揭榜: the form on a need, the panel on the need's page, and one's own bids."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.selectors import organisation_of
from apps.core.errors import DomainError
from apps.matching.bids.forms import BidForm
from apps.matching.bids.services import bid_place, capabilities_to_bid
from apps.matching.models import Bid
from apps.matching.permissions import BIDDERS, can_bid
from apps.matching.presentation import views_of
from apps.matching.selectors import bids_of, proposals_of_bids
from apps.matching.views.fragments import person, signed_in
from apps.needs.models import Need
from apps.needs.selectors import need_for

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def bid(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form; what it sends becomes a bid, and its pair's page is shown."""
    need, user = _need(request, public_id), person(request)
    refusal = can_bid(user, need)
    chosen = {"capability": request.GET.get("capability", "").replace("\x00", "")}
    form = BidForm(request.POST or None, capabilities=capabilities_to_bid(user), initial=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            placed = bid_place(need=need, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("揭榜成功，已请需求方在答复时限内答复。"))
            return redirect("matching:proposal", placed.proposal.public_id)
    context = {"need": need, "form": form, "refusal": refusal.reason, "has_capabilities": _has_choice(form)}
    return render(request, "matching/bid.html", context)


@require_safe
@never_cache
def need_bid_panel(request: HttpRequest, public_id: str) -> HttpResponse:
    """A piece of the need's page: for suppliers the way to bid, or their bid. Empty for everybody else."""
    organisation = organisation_of(request.user)
    if organisation is None or organisation.kind not in BIDDERS:
        return HttpResponse("")
    need = _need(request, public_id)
    own = (
        bids_of(request.user).filter(proposal__need=need, withdrawn_at__isnull=True).select_related("proposal").first()
    )
    context = {"need": need, "own": own, "may_bid": can_bid(request.user, need)}
    return render(request, "matching/_bid_panel.html", context)


@require_safe
@signed_in
@never_cache
def my_bids(request: HttpRequest) -> HttpResponse:
    """The organisation's bids, the newest first."""
    page = Paginator(bids_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    bids: list[Bid] = list(page)
    views = views_of(proposals_of_bids(bids), request.user)
    return render(request, "matching/my_bids.html", {"page": page, "rows": list(zip(bids, views, strict=True))})


def _need(request: HttpRequest, public_id: str) -> Need:
    need = need_for(request.user, public_id)
    if need is None:
        raise Http404
    return need


def _has_choice(form: BidForm) -> bool:
    field = form.fields["capability"]
    return bool(field.queryset.exists())  # type: ignore[attr-defined]  # a choice of rows
