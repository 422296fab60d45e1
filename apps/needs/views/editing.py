"""The need form: new, edited, and confirmed before it is published."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import organisation_of
from apps.accounts.views.signed_in import signed_in
from apps.core.errors import StateConflict
from apps.core.kept_text import keep_and_sign_in, take_kept
from apps.core.overtaken import overtaken
from apps.needs.content import CONTENT
from apps.needs.element_fields import ACTION, NewElement
from apps.needs.forms import AttachmentForm
from apps.needs.models import MOST_TAGS, ElementKind, Need, NeedState
from apps.needs.permissions import can_edit, can_post, can_submit
from apps.needs.selectors import need_for, need_view
from apps.needs.services import StaleForm, need_submit
from apps.needs.services.drafts import DRAFT_STATES
from apps.needs.sheet import Sheet
from apps.needs.sheet_reading import reading_of, stored_reading
from apps.needs.validators import publication_gaps


def editable_need(user: User, public_id: str) -> Need:
    """The need, if this person may change it. 404 if they may not even see it; NotAllowed says why."""
    need = need_for(user, public_id)
    if need is None:
        raise Http404
    can_edit(user, need).require()
    return need


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        return keep_and_sign_in(request)
    can_post(request.user).require()
    organisation = cast("Organisation", organisation_of(request.user))
    if request.method == "POST":
        return _save(request, Sheet(organisation=organisation, user=request.user, data=request.POST))
    kept = take_kept(request)
    return _form_page(request, Sheet(organisation=organisation, user=request.user, data=kept), restored=kept)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    if not isinstance(request.user, User):
        return keep_and_sign_in(request)
    need = editable_need(request.user, public_id)
    if not need.is_editable and request.method != "POST":
        messages.info(request, _("这项需求当前的状态是“%(state)s”，不能修改。") % {"state": need.get_state_display()})
        return redirect("needs:detail", need.public_id)
    data = request.POST if request.method == "POST" else take_kept(request)
    sheet = Sheet(organisation=need.organisation, user=request.user, need=need, data=data)
    return _save(request, sheet) if request.method == "POST" else _form_page(request, sheet, restored=data)


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Save what can be saved, then go on, or show the page again with everything that was typed."""
    if request.POST.get("action") == ACTION:  # without scripts, the page comes back with one element more
        return _form_page(request, sheet, new_element=NewElement.refused(request.POST))
    try:
        if sheet.need and sheet.need.state == NeedState.PUBLISHED:
            return _save_published(request, sheet, sheet.need)
        return _save_draft(request, sheet)
    except StaleForm as stale:
        sheet.renew_version(stale.need.version)
        sheet.need = stale.need
        return _form_page(request, sheet, overtaken=overtaken(stale.need, CONTENT, sheet.values, sheet.indicators))


def _save_draft(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    is_valid = sheet.is_valid
    if not sheet.has_words and sheet.need is None:
        goes_on = request.POST.get("action") == "preview"
        wanted = _("先写下需求名称或问题，再预览并发布。") if goes_on else _("先写下需求名称或问题，再保存草稿。")
        sheet.form.add_error("title", wanted)
        return _form_page(request, sheet)
    need = sheet.save_draft()
    wants_to_publish = request.POST.get("action") == "preview"
    if wants_to_publish:
        sheet.mark_gaps(publication_gaps(need))
    if not is_valid or (wants_to_publish and sheet.has_gaps):
        sheet.renew_version(need.version)
        return _form_page(request, sheet)
    if wants_to_publish:
        return redirect("needs:publish", need.public_id)
    messages.success(request, _("草稿已保存，可以随时回来继续填写。"))
    return redirect("needs:edit", need.public_id)


def _save_published(request: HttpRequest, sheet: Sheet, need: Need) -> HttpResponse:
    if not sheet.is_valid:
        return _form_page(request, sheet)
    version = need.version
    try:
        need = sheet.save_published(need)
    except ValidationError as error:
        sheet.mark_gaps(error.message_dict)
        return _form_page(request, sheet)
    if need.version != version:
        messages.success(request, _("需求已更新，正在重新匹配。"))
    return redirect("needs:detail", need.public_id)


def _form_page(
    request: HttpRequest, sheet: Sheet, *, restored: QueryDict | None = None, **context: Any
) -> HttpResponse:
    need = sheet.need
    is_draft = need is None or need.state in DRAFT_STATES
    context |= {
        "sheet": sheet,
        "form": sheet.form,
        "rows": sheet.rows,
        "need": need,
        "is_draft": is_draft,
        "is_restored": restored is not None,
        # A page that stands on top of somebody else's text must not save itself over it.
        "saves_itself": is_draft and "overtaken" not in context,
        "attachment_form": AttachmentForm(),
        "most_tags": MOST_TAGS,
        "reading": reading_of(sheet),
        "element_kinds": ElementKind.choices,
    }
    return render(request, "needs/form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Shows what others will see; publishes when that is confirmed."""
    user = signed_in(request)
    need = editable_need(user, public_id)
    if request.method == "POST":
        return _publish(request, need, user)
    if need.state not in DRAFT_STATES:
        return redirect("needs:detail", need.public_id)
    return _publish_page(request, need, user, gaps=publication_gaps(need))


def _publish(request: HttpRequest, need: Need, user: User) -> HttpResponse:
    try:
        need = need_submit(need=need, by=user)
    except ValidationError as error:
        return _publish_page(request, need, user, gaps=error.message_dict)
    except StateConflict:
        need.refresh_from_db()
        if need.state not in (NeedState.SUBMITTED, NeedState.PUBLISHED):
            raise
    if need.state == NeedState.PUBLISHED:
        messages.success(request, _("需求已发布，正在为您匹配合适的团队和成果。"))
    else:
        messages.info(request, _("需求已提交。贵单位通过核验后会自动发布，无需再次操作。"))
    return redirect("needs:detail", need.public_id)


def _publish_page(request: HttpRequest, need: Need, user: User, *, gaps: dict[str, list[str]]) -> HttpResponse:
    labels = {field.name: str(getattr(field, "verbose_name", "")) for field in need._meta.get_fields()}
    labels |= {"indicators": _("主要技术指标"), "attachments": _("附件")}
    context = {
        "need": need,
        "view": need_view(need, AnonymousUser()),
        "gaps": [(labels.get(name, ""), text) for name, texts in gaps.items() for text in texts],
        "decision": can_submit(user, need),
        "clarity": stored_reading(need).clarity,
    }
    return render(request, "needs/publish.html", context)
