"""Bringing a file: what it holds, the file itself, and what its columns mean."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.selectors import is_reviewer
from apps.accounts.views.signed_in import signed_in
from apps.core.errors import DomainError, NotAllowed
from apps.imports.columns import best_sheet, columns_of, guess, heading_line, headings_of, sheet_of
from apps.imports.doors import fields_for, fields_of
from apps.imports.forms import ColumnsForm, UploadForm
from apps.imports.models import Import, ImportKind
from apps.imports.permissions import can_import_files, can_import_kind, can_work_on, kinds_of
from apps.imports.presentation import steps
from apps.imports.services import import_map, import_upload
from apps.imports.template_files import CHOICES_SHEET, write_template
from apps.imports.views.shared import import_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """What to bring, each with its template."""
    can_import_files(request.user).require()
    return render(request, "imports/choose.html", {"kinds": kinds_of(request.user), "steps": steps(1)})


@require_safe
@login_required
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The workbook to fill in."""
    chosen = _kind(kind)
    can_import_kind(request.user, chosen).require()
    target = BytesIO()
    write_template(target, chosen, fields_of(chosen, names_organisation=_names_organisation(request, chosen)))
    name = _("导入模板-%(kind)s.xlsx") % {"kind": chosen.label}
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(target.getvalue(), content_type=_XLSX, headers={"Content-Disposition": disposition})


@require_http_methods(["GET", "POST"])
@login_required
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    chosen = _kind(kind)
    can_import_kind(request.user, chosen).require()
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid() and (job := _uploaded(request, chosen, form)):
        return redirect("imports:columns", job.public_id)
    context = {
        "form": form,
        "kind": chosen,
        "steps": steps(1),
        "names_organisation": _names_organisation(request, chosen),
    }
    return render(request, "imports/upload.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def columns(request: HttpRequest, public_id: str) -> HttpResponse:
    """The guess, to be corrected; or the columns of another sheet, or below another heading."""
    job = import_of(request, public_id)
    can_work_on(request.user, job).require()
    if "again" in request.POST:
        return redirect(_elsewhere(request, job))
    sheet, line = _place(request, job)
    said = {"sheet": sheet["name"], "heading_line": line, "publish": _publishes(request, job)}
    found, fields = columns_of(sheet, line), fields_for(job)
    is_kept = (sheet["name"], line) == (job.sheet, job.heading_line)
    guessed = job.mapping if is_kept else guess(headings_of(found), fields)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None, columns=found, fields=fields, initial=guessed
    )
    if request.method == "POST" and form.is_valid() and _mapped(request, job, form, said):
        return redirect("imports:detail", job.public_id)
    context = {
        "job": job,
        "form": form,
        "sheet": sheet,
        "line": line,
        "publishes": said["publish"],
        "lines": [(at, "　".join(filter(None, cells))[:60]) for at, cells in sheet["rows"][:10]],
        "hidden_sheets": [name for name in job.top["hidden_sheets"] if name != CHOICES_SHEET],
        "hidden_columns": [column.letter for column in found if column.is_hidden],
        "steps": steps(2),
        "earlier": _same_file(job),
    }
    return render(request, "imports/columns.html", context, status=422 if form.errors else 200)


def _uploaded(request: HttpRequest, kind: ImportKind, form: UploadForm) -> Import | None:
    try:
        return import_upload(kind=kind, upload=form.cleaned_data["file"], by=signed_in(request))
    except ValidationError as error:
        form.add_error("file", error.message_dict.get("file", error.messages))
    return None


def _mapped(request: HttpRequest, job: Import, form: ColumnsForm, said: dict[str, Any]) -> bool:
    try:
        import_map(job=job, by=signed_in(request), mapping=form.mapping(), **said)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    messages.success(request, _("已开始检查，可以离开本页，进度随时可看。"))
    return True


def _elsewhere(request: HttpRequest, job: Import) -> str:
    """The page of the sheet and line that were chosen; what else the form says goes along."""
    chosen = {"sheet": "other_sheet", "line": "other_line", "publish": "publish"}
    query = {name: request.POST[sent] for name, sent in chosen.items() if sent in request.POST}
    if query.get("sheet", job.sheet) != request.POST.get("sheet", job.sheet):
        query.pop("line", None)  # it is one of the sheet that was shown
    return f"{reverse('imports:columns', args=[job.public_id])}?{urlencode(query)}"


def _publishes(request: HttpRequest, job: Import) -> bool:
    """As the person chose on this page, else as it was chosen before."""
    asked = request.POST if request.method == "POST" else request.GET
    return asked["publish"] != "no" if "publish" in asked else job.publish


def _place(request: HttpRequest, job: Import) -> tuple[dict[str, Any], int]:
    """The sheet and the line of its heading that are asked for, as far as the file has them."""
    asked = request.POST if request.method == "POST" else request.GET
    fields = fields_for(job)
    name = asked.get("sheet", job.sheet)
    sheet = sheet_of(job.top, name) or best_sheet(job.top, fields)
    lines = {str(at): at for at, _cells in sheet["rows"]}
    if (line := asked.get("line", "")) in lines:
        return sheet, lines[line]
    return sheet, job.heading_line if sheet["name"] == job.sheet else heading_line(sheet, fields)


def _same_file(job: Import) -> Import | None:
    """The last import of the very same file by the same person, which a second might be a mistake beside."""
    same = Import.objects.filter(digest=job.digest, kind=job.kind, started_by=job.started_by, pk__lt=job.pk)
    return same.filter(started_at__isnull=False).order_by("-pk").first()


def _kind(kind: str) -> ImportKind:
    try:
        return ImportKind(kind)
    except ValueError:
        raise Http404 from None


def _names_organisation(request: HttpRequest, kind: ImportKind) -> bool:
    return is_reviewer(request.user) and kind != ImportKind.ORGANISATIONS
