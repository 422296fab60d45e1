"""Files of a need: added, fetched, removed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.views.signed_in import signed_in
from apps.core import audit
from apps.needs.forms import AttachmentForm
from apps.needs.models import Need, NeedAttachment
from apps.needs.selectors import attachment_is_shown, need_for
from apps.needs.services import attachment_add, attachment_delete
from apps.needs.views.editing import editable_need


@require_safe
def attachment(request: HttpRequest, public_id: str, attachment_id: str) -> FileResponse:
    """The file itself, to be saved, never shown by the browser; whether the person may is asked every time."""
    need, file = _file_of(request, public_id, attachment_id)
    if not attachment_is_shown(file, need, request.user):
        raise Http404
    try:
        content = file.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    by = request.user if isinstance(request.user, User) else None
    audit.record_view(file, "file.downloaded", by=by, detail={"file": file.name})
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answers htmx with the list of files, others with the form's page."""
    need = editable_need(signed_in(request), public_id)
    form = AttachmentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            attachment_add(need=need, by=signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            form = AttachmentForm()
    return _files(request, need, form)


@login_required
@require_POST
def delete(request: HttpRequest, public_id: str, attachment_id: str) -> HttpResponse:
    need = editable_need(signed_in(request), public_id)
    file = need.attachments.filter(public_id=attachment_id).first()
    if file is None:
        raise Http404
    attachment_delete(attachment=file, by=signed_in(request))
    messages.success(request, _("附件已删除。"))
    return redirect(f"{reverse('needs:edit', args=[need.public_id])}#attachments")


def _file_of(request: HttpRequest, public_id: str, attachment_id: str) -> tuple[Need, NeedAttachment]:
    need = need_for(request.user, public_id)
    file = need.attachments.filter(public_id=attachment_id).first() if need else None
    if need is None or file is None:
        raise Http404
    return need, file


def _files(request: HttpRequest, need: Need, form: AttachmentForm) -> HttpResponse:
    if getattr(request, "htmx", False):
        return render(request, "needs/_attachments.html", {"need": need, "attachment_form": form})
    for errors in form.errors.values():
        messages.error(request, " ".join(map(str, errors)))
    return redirect(f"{reverse('needs:edit', args=[need.public_id])}#attachments")
