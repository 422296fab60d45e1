"""How imports go, and what they came to."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.core.errors import NotAllowed
from apps.imports.doors import waiting_count
from apps.imports.error_files import errors_response
from apps.imports.models import Import, ImportState, RemarkKind
from apps.imports.permissions import can_import_files
from apps.imports.presentation import import_view
from apps.imports.preview import Shown, preview_of
from apps.imports.views.shared import import_of, imports_of

PER_PAGE = 20
MOST_TOLD = 50


@require_safe
@login_required
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """All imports that the person may see, newest first."""
    page = Paginator(imports_of(request), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "views": [import_view(job, request.user) for job in page],
        "decision": can_import_files(request.user),
    }
    return render(request, "imports/list.html", context)


@require_safe
@login_required
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    job = import_of(request, public_id)
    if job.state == ImportState.UPLOADED:
        return redirect("imports:columns", job.public_id)
    context = {
        "view": import_view(job, request.user),
        "job": job,
        "problems": _remarks(job, RemarkKind.PROBLEM),
        "notes": _remarks(job, RemarkKind.NOTE),
        "left": _remarks(job, RemarkKind.LEFT),
        "most_told": MOST_TOLD,
        "preview": _preview(job),
        "waiting": waiting_count(job) if job.state == ImportState.DONE else 0,
        "has_errors_file": job.has_errors_file,
    }
    return render(request, "imports/detail.html", context)


@require_safe
@login_required
@never_cache
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The bar alone; once nothing goes on any more, the page around it is to be read anew."""
    view = import_view(import_of(request, public_id), request.user)
    response = render(request, "imports/_progress.html", {"view": view})
    if not view.job.is_working:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@login_required
@never_cache
def errors(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The bad rows as a file."""
    job = import_of(request, public_id)
    if not job.has_errors_file:
        raise Http404
    return errors_response(job)


def _preview(job: Import) -> list[Shown]:
    """None where who asked for the check may bring no rows any more: the page is for others too."""
    if job.state != ImportState.CHECKED or not job.staged:
        return []
    try:
        return preview_of(job)
    except NotAllowed:
        return []


def _remarks(job: Import, kind: RemarkKind) -> list[object]:
    return list(job.remarks.filter(kind=kind).order_by("line", "id")[:MOST_TOLD])
