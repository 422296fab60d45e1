"""Starting, stopping and taking back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.views.signed_in import signed_in
from apps.core.errors import DomainError, NotAllowed
from apps.imports.services import import_cancel, import_run, import_undo
from apps.imports.views.shared import import_of


@require_POST
@login_required
def run(request: HttpRequest, public_id: str) -> HttpResponse:
    all_or_nothing = request.POST.get("all_or_nothing") == "yes"
    told = _("已开始导入，可以离开本页，进度随时可看。")
    return _carried_out(request, public_id, import_run, told, all_or_nothing=all_or_nothing, seen=_seen(request))


@require_POST
@login_required
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    return _carried_out(request, public_id, import_cancel, _("已取消。"))


@require_POST
@login_required
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    return _carried_out(request, public_id, import_undo, _("已开始撤销，进度随时可看。"))


def _seen(request: HttpRequest) -> datetime | None:
    """When the check began that the page shows; None where the page does not say."""
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None


def _carried_out(
    request: HttpRequest, public_id: str, service: Callable[..., None], told: str, **options: Any
) -> HttpResponse:
    job = import_of(request, public_id)
    try:
        service(job=job, by=signed_in(request), **options)
    except NotAllowed:
        raise
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, told)
    return redirect("imports:detail", job.public_id)
