"""The page of a reported outcome, and the verdict given there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.accounts.views.signed_in import signed_in
from apps.core.due_times import due_text
from apps.engagements.models import Outcome
from apps.engagements.permissions import can_confirm
from apps.engagements.selectors import outcomes_for_action
from apps.review.forms.outcomes import OutcomeForm
from apps.review.permissions import can_use_desk
from apps.review.services import Overtaken
from apps.review.services.outcomes import outcome_decide
from apps.review.turnaround import due_at

RELATED = (
    "reported_by",
    "decided_by",
    "engagement__proposal__need__organisation",
    "engagement__proposal__capability__organisation",
)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def outcome(request: HttpRequest, public_id: str) -> HttpResponse:
    """Reviewers read it; who may decide finds the form beside it."""
    user = signed_in(request)
    can_use_desk(user).require()
    row = _outcome(user, public_id)
    form = OutcomeForm(request.POST or None, initial={"seen": row.revision})
    if request.method != "POST" or not form.is_valid():
        return _page(request, row, form)
    try:
        outcome_decide(outcome=row, by=user, **form.decision)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, row, form)
    except Overtaken as error:
        return _overtaken(request, user, public_id, error)
    messages.success(request, _("已记下您的结论：“%(name)s”。") % {"name": row})
    return redirect(f"{reverse('review')}?tab=outcomes")


def _outcome(user: User, public_id: str) -> Outcome:
    return get_object_or_404(outcomes_for_action(user).select_related(*RELATED), public_id=public_id)


def _overtaken(request: HttpRequest, user: User, public_id: str, error: Overtaken) -> HttpResponse:
    """The page as it is now, with what was typed."""
    row = _outcome(user, public_id)
    sent = request.POST.copy()
    sent["seen"] = row.revision
    messages.error(request, str(error.message))
    return _page(request, row, OutcomeForm(sent), status=409)


def _page(request: HttpRequest, row: Outcome, form: OutcomeForm, *, status: int = 200) -> HttpResponse:
    may = can_confirm(signed_in(request), row)
    context = {
        "outcome": row,
        "case": row.engagement,
        "form": form if may else None,
        "refusal": "" if may else may.reason,
        "left": due_text(due_at(row.reported_at)) if row.state == "reported" else "",
        "back_url": f"{reverse('review')}?tab=outcomes",
    }
    return render(request, "review/outcome.html", context, status=status)
