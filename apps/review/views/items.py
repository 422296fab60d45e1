"""The page of one item, and the verdict given there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Organisation
from apps.accounts.views.signed_in import signed_in
from apps.capabilities.selectors import capability_view
from apps.core.due_times import due_text
from apps.needs.models import Need
from apps.needs.owner_views import note_owner_seen
from apps.needs.selectors import need_view
from apps.review.criteria import CRITERIA, suggestion
from apps.review.forms import AssessmentForm
from apps.review.forms.deciding import SCORE
from apps.review.models import Handling, Kind, Row
from apps.review.models.subjects import kind_of
from apps.review.selectors import history_of, namesakes, side_by_side, submissions_of
from apps.review.services import Overtaken, item_decide, item_release, item_take, looker, require_unchanged, seen_now
from apps.review.turnaround import due_at
from apps.review.views.rows import row_or_404
from apps.review.waiting import is_public, is_submitted, waiting_since

PLURALS = {Kind.ORGANISATION: "organisations", Kind.NEED: "needs", Kind.CAPABILITY: "capabilities"}


@login_required
@require_safe
@never_cache
def item(request: HttpRequest, tab: str, public_id: str) -> HttpResponse:
    """Opening it tells colleagues that one looks at it."""
    row = row_or_404(request, tab, public_id)
    item_take(row=row, by=signed_in(request))
    return _page(request, row, _form(row))


@login_required
@require_POST
def decide(request: HttpRequest, tab: str, public_id: str) -> HttpResponse:
    row = row_or_404(request, tab, public_id)
    form = AssessmentForm(request.POST, row=row)
    is_whole = form.is_valid()
    try:
        if form.seen is not None:
            require_unchanged(row=row, seen=form.seen)
        if not is_whole:
            return _page(request, row, form)
        item_decide(row=row, by=signed_in(request), given=form.assessment, seen=form.seen)
    except ValidationError as error:
        form.add_refusal(error)
        return _page(request, row, form)
    except Overtaken as error:
        return _overtaken(request, tab, public_id, error)
    messages.success(request, _("已记下您的结论：“%(name)s”。") % {"name": row})
    return redirect(f"{reverse('review')}?tab={_queue_of(row)}")


@login_required
@require_POST
def release(request: HttpRequest, tab: str, public_id: str) -> HttpResponse:
    row = row_or_404(request, tab, public_id)
    item_release(row=row, by=signed_in(request))
    return redirect(f"{reverse('review')}?tab={_queue_of(row)}")


@login_required
@require_safe
def suggested(request: HttpRequest, tab: str) -> HttpResponse:
    """A fragment: what the scores given so far suggest."""
    kind = next((kind for kind, plural in PLURALS.items() if plural == tab), None)
    names = CRITERIA[kind] if kind else {}
    given = {name: request.GET.get(SCORE + name, "") for name in names}
    scores = {name: int(value) for name, value in given.items() if value in ("0", "1", "2", "3", "4", "5")}
    whole = len(scores) == len(names) and scores
    return render(request, "review/_suggestion.html", {"advice": suggestion(scores) if whole else None})


def _overtaken(request: HttpRequest, tab: str, public_id: str, error: Overtaken) -> HttpResponse:
    """The page as it is now, with what was typed: the reviewer reads again and decides again, if there is need to."""
    row = row_or_404(request, tab, public_id)
    now = seen_now(row)
    sent = request.POST.copy()
    sent["revision"], sent["version"] = str(now.revision), str(now.version)
    messages.error(request, str(error.message))
    return _page(request, row, AssessmentForm(sent, row=row), status=409)


def _form(row: Row) -> AssessmentForm:
    seen = seen_now(row)
    return AssessmentForm(row=row, initial={"revision": seen.revision, "version": seen.version})


def _queue_of(row: Row) -> str:
    plural = PLURALS[kind_of(row)]
    return f"changed_{plural}" if is_public(row) and not isinstance(row, Organisation) else plural


def _page(request: HttpRequest, row: Row, form: AssessmentForm, *, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    kind = kind_of(row)
    waits = is_submitted(row) or (is_public(row) and kind != Kind.ORGANISATION)
    handling = Handling.objects.filter(**{str(kind): row}).select_related("taken_by").first()
    context: dict[str, Any] = {
        "row": row,
        "kind": kind,
        "tab": PLURALS[kind],
        "form": form if waits else None,
        "handling": handling,
        "colleague": looker(handling, user),
        "left": due_text(due_at(waiting_since(row))) if waits else "",
        "since": waiting_since(row),
        "history": history_of(row),
        "back_url": f"{reverse('review')}?tab={_queue_of(row)}",
    }
    if isinstance(row, Organisation):
        context |= {"namesakes": namesakes(row), "submissions": submissions_of(row)}
    else:
        is_need = isinstance(row, Need)
        context["view"] = need_view(row, user) if isinstance(row, Need) else capability_view(row, user)
        context["comparison"] = side_by_side(row)
        context["look_alikes_url"] = reverse(
            "matching:need_look_alikes" if is_need else "matching:capability_look_alikes", args=[row.public_id]
        )
    if isinstance(row, Need):
        note_owner_seen([row], user)
    return render(request, f"review/item_{kind}.html", context, status=status)
