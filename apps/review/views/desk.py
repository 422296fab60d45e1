"""The desk: its queues, and verdicts given in one click where they need no scores."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.views.signed_in import signed_in
from apps.core import clock
from apps.core.due_times import due_text, is_pressing
from apps.core.validators import clean_text
from apps.needs.owner_views import note_owner_seen
from apps.review.forms import QueueFilter
from apps.review.models import Outcome
from apps.review.permissions import can_use_desk
from apps.review.queues import ALWAYS_SHOWN, CLEAREST, QUEUES, counts, expert_lists, page_rows
from apps.review.rules import goal_days
from apps.review.services import Assessment, Overtaken, Seen, item_decide, looker
from apps.review.turnaround import due_at, turn_around
from apps.review.views.rows import row_or_404

PAGE_SIZE = 20
MOST_DIGITS = 10
LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a queue with what its line tells."""

    row: Any
    due_at: datetime
    colleague: User | None

    @property
    def left(self) -> str:
        return due_text(self.due_at)

    @property
    def is_pressing(self) -> bool:
        return is_pressing(self.due_at)


@login_required
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    can_use_desk(user).require()
    queue = QUEUES.get(request.GET.get("tab", ""), QUEUES["organisations"])
    form = QueueFilter(request.GET, queue=queue)
    form.is_valid()
    order = CLEAREST if request.GET.get("order") == CLEAREST else ""
    page: Any = Paginator(page_rows(queue, user, form.cleaned_data, order=order), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    days = goal_days()
    lines = [_line(row, user, days) for row in page]
    if queue.row == "need":
        note_owner_seen(page, user)
    counted = counts(user)
    tabs = [
        (name, other.label, counted[name], name == queue.name)
        for name, other in QUEUES.items()
        if counted[name] or name in ALWAYS_SHOWN or name == queue.name
    ]
    context = {
        "tab": queue.name,
        "row_template": f"review/_row_{queue.row}.html",
        "tabs": tabs,
        "page": page,
        "lines": lines,
        "order": order,
        "form": form,
        "is_narrowed": any(form.cleaned_data.values()),
        "is_need": queue.row == "need",
        "lists": expert_lists(user) if queue.name == "experts" else [],
        "goal_days": days,
        "figures": turn_around(clock.now() - LOOKED_BACK, clock.now()),
    }
    return render(request, "review/desk.html", context)


def _line(row: Any, user: User, days: int) -> Line:
    return Line(row, due_at(row.waiting_since, days=days), looker(getattr(row, "review_handling", None), user))


def _back(tab: str) -> HttpResponse:
    return redirect(f"{reverse('review')}?tab={tab}")


def _deciding(tab: str, outcome: Outcome) -> Callable[..., HttpResponse]:
    """Without scores; the form names what the reviewer had before them, as the item's own page does."""

    @login_required
    @require_POST
    def view(request: HttpRequest, public_id: str) -> HttpResponse:
        row = row_or_404(request, tab, public_id)
        given = Assessment(outcome, reason=clean_text(request.POST.get("reason", "")))
        try:
            item_decide(row=row, by=signed_in(request), given=given, seen=_seen(request))
        except Overtaken as error:
            messages.error(request, str(error.message))
            return redirect("review_item", tab, public_id)
        said = _("“%(name)s”已通过。") if outcome == Outcome.APPROVED else _("“%(name)s”已退回，对方会看到原因。")
        messages.success(request, said % {"name": row})
        return _back(tab)

    return view


def _seen(request: HttpRequest) -> Seen:
    """Overtaken where it was not sent: the page is older than this rule."""
    sent = [request.POST.get(name, "") for name in ("revision", "version")]
    if not all(number.isdecimal() and len(number) < MOST_DIGITS for number in sent):
        raise Overtaken
    return Seen(*map(int, sent))


accept_need = _deciding("needs", Outcome.APPROVED)
refuse_need = _deciding("needs", Outcome.RETURNED)
accept_capability = _deciding("capabilities", Outcome.APPROVED)
refuse_capability = _deciding("capabilities", Outcome.RETURNED)
