"""Matching much of the city anew: how it goes, for the platform's staff; administrators start and stop it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import DomainError, NotAllowed
from apps.matching.forms import RematchForm
from apps.matching.models import ACTIVE_REMATCHES, Rematch, RematchState
from apps.matching.permissions import can_rematch_city, may_see_rematches
from apps.matching.rematches.presentation import rematch_view
from apps.matching.rematches.services import rematch_cancel, rematch_pause, rematch_resume, rematch_start
from apps.matching.selectors import open_work
from apps.matching.views.fragments import person, signed_in

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """What is under way, what was; and the form that starts another (POST)."""
    rows = _rows(request)
    form = RematchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        can_rematch_city(request.user).require()
        if form.is_valid() and _started(request, form):
            return redirect("matching:rematches")
    active = rows.filter(state__in=(*ACTIVE_REMATCHES, RematchState.FAILED))
    page = Paginator(rows.exclude(pk__in=active.values("pk")), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "active": [rematch_view(row, request.user) for row in active],
        "page": page,
        "past": [rematch_view(row, request.user) for row in page],
        "form": form if can_rematch_city(request.user) else None,
        "work": open_work(),
    }
    return render(request, "matching/rematches.html", context)


@require_safe
@signed_in
@never_cache
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The bar of one rematch; once it does not run any more, the page around it is to be read anew."""
    view = rematch_view(get_object_or_404(_rows(request), public_id=public_id), request.user)
    response = render(request, "matching/_rematch_progress.html", {"view": view})
    if not view.is_running:
        response["HX-Refresh"] = "true"
    return response


def _stopping(service: Callable[..., None]) -> Callable[..., HttpResponse]:
    @require_POST
    @signed_in
    def view(request: HttpRequest, public_id: str) -> HttpResponse:
        row = get_object_or_404(_rows(request), public_id=public_id)
        try:
            service(rematch=row, by=person(request))
        except NotAllowed:
            raise
        except DomainError as error:
            messages.warning(request, str(error.message))
        return redirect("matching:rematches")

    return view


pause = _stopping(rematch_pause)
resume = _stopping(rematch_resume)
cancel = _stopping(rematch_cancel)


def _rows(request: HttpRequest) -> QuerySet[Rematch]:
    """Others are told that they may not, without a look at the rows."""
    if not may_see_rematches(request.user):
        raise NotAllowed(_("批量匹配页面仅供平台工作人员使用。"))
    return Rematch.objects.select_related("chain", "district", "started_by").order_by("-id")


def _started(request: HttpRequest, form: RematchForm) -> bool:
    try:
        rematch_start(target=form.target(), by=person(request))
    except DomainError as error:
        form.add_error("what", str(error.message))
        return False
    messages.success(request, _("已开始重新匹配，可以离开本页，进度随时可看。"))
    return True
