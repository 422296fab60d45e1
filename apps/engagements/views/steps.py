"""The steps of a case: buttons and small forms on its page and on the board."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.forms import done
from apps.engagements import services
from apps.engagements.forms import EndForm, PlanForm
from apps.engagements.people import people_on_offer
from apps.engagements.views.cases import detail_page
from apps.engagements.views.shared import SignedInRequest, engagement_or_404


@login_required
@require_POST
def advance(request: SignedInRequest, public_id: str) -> HttpResponse:
    """From the case's page with a plan; from the board by one button, back to the board."""
    engagement = engagement_or_404(request, public_id)
    seen = request.POST.get("seen", "")
    if "from_board" in request.POST:
        moved = services.engagement_advance(engagement=engagement, by=request.user, seen=seen)
        messages.success(request, _("已进入“%(step)s”。") % {"step": moved.get_state_display()})
        return redirect(f"{reverse('engagements:list')}?view=board&step={moved.state}")
    form = PlanForm.of(engagement, people_on_offer(engagement, request.user), request.POST, prefix="advance")

    def act() -> object:
        return services.engagement_advance(engagement=engagement, by=request.user, plan=form.plan(), seen=seen)

    if done(form, act):
        return redirect("engagements:detail", public_id)
    return detail_page(request, engagement_or_404(request, public_id), advance_form=form)


@login_required
@require_POST
def step_back(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    services.engagement_step_back(engagement=engagement, by=request.user, seen=request.GET.get("seen", ""))
    return redirect("engagements:detail", public_id)


@login_required
@require_POST
def plan(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    seen = request.POST.get("seen", "")
    form = PlanForm.of(engagement, people_on_offer(engagement, request.user), request.POST)

    def act() -> object:
        return services.engagement_plan(engagement=engagement, by=request.user, plan=form.plan(), seen=seen)

    if done(form, act):
        messages.success(request, _("下一步安排已保存。"))
        return redirect("engagements:detail", public_id)
    return detail_page(request, engagement_or_404(request, public_id), plan_form=form)


@login_required
@require_POST
def end(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    form = EndForm(request.POST, auto_id="id_end_%s")

    def act() -> object:
        reason, note = form.cleaned_data["end_reason"], form.cleaned_data["end_note"]
        seen = request.POST.get("seen", "")
        return services.engagement_end(engagement=engagement, by=request.user, reason=reason, note=note, seen=seen)

    if done(form, act):
        messages.success(request, _("对接已终止，原因已记录。"))
        return redirect("engagements:detail", public_id)
    return detail_page(request, engagement_or_404(request, public_id), end_form=form)


@login_required
@require_POST
def take(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A broker takes the case, or gives up their own: as the button said, whoever has the case by now."""
    engagement = engagement_or_404(request, public_id)
    broker = None if "give_up" in request.POST else request.user
    services.engagement_assign_broker(engagement=engagement, broker=broker, by=request.user)
    return redirect("engagements:detail", public_id)
