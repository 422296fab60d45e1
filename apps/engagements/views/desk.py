"""The broker's desk: its list, one matter, and what is done with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core.forms import done
from apps.engagements.desk import referrals
from apps.engagements.desk.contacts import contacts_for
from apps.engagements.desk.permissions import may_use_desk
from apps.engagements.desk.presentation import desk_row, hand_over_form, page_of
from apps.engagements.desk.selectors import MINE, UNASSIGNED, counts_of, narrowed, queues, referrals_of
from apps.engagements.forms.desk import CloseForm, DeskFilter, ReferralPlanForm
from apps.engagements.models import Referral
from apps.engagements.views.shared import SignedInRequest

PAGE_SIZE = 20


@login_required
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """One queue of it, longest waiting first."""
    _require_desk(request)
    form = DeskFilter(request.GET)
    form.is_valid()  # a value that is not on offer narrows nothing
    chosen = form.cleaned_data
    rows = narrowed(referrals_of(request.user), chosen)
    known = queues(request.user)
    queue = request.GET.get("queue", "")
    queue = queue if queue in known else UNASSIGNED
    page = Paginator(rows.filter(known[queue]), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_narrowed": any(chosen.values()),
        "queue": queue,
        "is_mine": queue == MINE,
        "tabs": _tabs(counts_of(rows, request.user)),
        "page": page,
        "rows": [desk_row(row, request.user) for row in page],
    }
    return render(request, "engagements/desk/list.html", context)


@login_required
@require_safe
def matter(request: SignedInRequest, public_id: str) -> HttpResponse:
    """With whom to call, where that is asked for."""
    referral = referral_or_404(request, public_id)
    contacts = contacts_for(referral, request.user) if "contacts" in request.GET else None
    return matter_page(request, referral, contacts=contacts)


@login_required
@require_POST
def take(request: SignedInRequest, public_id: str) -> HttpResponse:
    """From its page or from the list, back to where the broker was."""
    referrals.referral_take(referral=referral_or_404(request, public_id), by=request.user)
    messages.success(request, _("已领取，请尽快联系双方。"))
    return redirect("desk:detail", public_id)


@login_required
@require_POST
def hand_over(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = referral_or_404(request, public_id)
    form = hand_over_form(row, request.POST)

    def act() -> object:
        return referrals.referral_hand_over(referral=row, by=request.user, **form.cleaned_data)

    if not done(form, act):
        return matter_page(request, referral_or_404(request, public_id), hand_over=form)
    messages.success(request, _("已转交，说明已保留在办理记录中。"))
    return redirect("desk:list")


@login_required
@require_POST
def plan(request: SignedInRequest, public_id: str) -> HttpResponse:
    row, form = referral_or_404(request, public_id), ReferralPlanForm(request.POST, auto_id="id_plan_%s")

    def act() -> object:
        return referrals.referral_plan(referral=row, by=request.user, **form.cleaned_data)

    if not done(form, act):
        return matter_page(request, referral_or_404(request, public_id), plan=form)
    messages.success(request, _("下一步安排已保存。"))
    return redirect("desk:detail", public_id)


@login_required
@require_POST
def close(request: SignedInRequest, public_id: str) -> HttpResponse:
    row, form = referral_or_404(request, public_id), CloseForm(request.POST, auto_id="id_close_%s")

    def act() -> object:
        return referrals.referral_close(referral=row, by=request.user, **form.cleaned_data)

    if not done(form, act):
        return matter_page(request, referral_or_404(request, public_id), close=form)
    messages.success(request, _("已办结。"))
    return redirect(f"{reverse('desk:list')}?queue={MINE}")


def matter_page(request: SignedInRequest, referral: Referral, **forms: object) -> HttpResponse:
    """`forms`: those that came back with errors; and the contacts, where they were asked for."""
    return render(request, "engagements/desk/detail.html", page_of(referral, request.user, **forms))


def referral_or_404(request: SignedInRequest, public_id: str) -> Referral:
    return get_object_or_404(referrals_of(request.user), public_id=public_id)


def _require_desk(request: SignedInRequest) -> None:
    if not may_use_desk(request.user):
        raise Http404


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    labels = [_("待分配"), _("停滞"), _("逾期"), _("我的"), _("已办结")]
    return [(name, label, counts[name]) for name, label in zip(counts, labels, strict=True)]
