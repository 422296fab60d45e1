"""The capability form: new, edited, and confirmed before it is published."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import organisation_of
from apps.accounts.views.signed_in import signed_in
from apps.capabilities.content import CONTENT
from apps.capabilities.gates import kept_back
from apps.capabilities.kinds import DETAILS
from apps.capabilities.models import MOST_TAGS, Capability, CapabilityKind, CapabilityState
from apps.capabilities.permissions import can_create, can_edit, can_submit
from apps.capabilities.selectors import capability_for, capability_view
from apps.capabilities.services import StaleForm, capability_publish
from apps.capabilities.services.drafts import CATALOGUE_STATES, DRAFT_STATES
from apps.capabilities.sheet import Sheet
from apps.capabilities.validators import publication_gaps
from apps.core.errors import StateConflict
from apps.core.kept_text import keep_and_sign_in, take_kept
from apps.core.overtaken import overtaken

KIND_TEXTS = {
    CapabilityKind.RESULT: gettext_lazy("专利、工艺、配方、样机、软件等可以转化的成果"),
    CapabilityKind.EXPERT: gettext_lazy("能为企业诊断、指导、联合攻关的专家"),
    CapabilityKind.LABORATORY: gettext_lazy("可开放合作的重点实验室、工程中心"),
    CapabilityKind.INSTRUMENT: gettext_lazy("可对外测试、预约使用的仪器设备"),
    CapabilityKind.PILOT_BASE: gettext_lazy("能把小试放大到中试的基地和产线"),
    CapabilityKind.SERVICE_TEAM: gettext_lazy("设计、检测、咨询、技术服务团队"),
}


def editable_capability(user: User, public_id: str) -> Capability:
    """The capability, if this person may change it. 404 if they may not even see it; NotAllowed says why."""
    capability = capability_for(user, public_id)
    if capability is None:
        raise Http404
    can_edit(user, capability).require()
    return capability


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """First the kind, then the form of that kind (`?kind=`)."""
    if not isinstance(request.user, User):
        return keep_and_sign_in(request)
    can_create(request.user).require()
    kind = request.GET.get("kind", "")
    if kind not in CapabilityKind.values:
        kinds = [(kind.value, kind.label, KIND_TEXTS[kind]) for kind in CapabilityKind]
        return render(request, "capabilities/choose_kind.html", {"kinds": kinds})
    data = request.POST if request.method == "POST" else take_kept(request)
    organisation = cast("Organisation", organisation_of(request.user))
    sheet = Sheet(kind=kind, organisation=organisation, user=request.user, data=data)
    return _save_draft(request, sheet) if request.method == "POST" else _form_page(request, sheet, restored=data)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    if not isinstance(request.user, User):
        return keep_and_sign_in(request)
    capability = editable_capability(request.user, public_id)
    if not capability.is_editable and request.method != "POST":
        sentence = _("这项资源当前的状态是“%(state)s”，不能修改。")
        messages.info(request, sentence % {"state": capability.get_state_display()})
        return redirect("capabilities:detail", capability.public_id)
    data = request.POST if request.method == "POST" else take_kept(request)
    sheet = Sheet(
        kind=capability.kind,
        organisation=capability.organisation,
        user=request.user,
        capability=capability,
        data=data,
    )
    return _save(request, sheet, capability) if request.method == "POST" else _form_page(request, sheet, restored=data)


def _save(request: HttpRequest, sheet: Sheet, capability: Capability) -> HttpResponse:
    """Save what can be saved, then go on, or show the page again with everything that was typed."""
    try:
        if capability.state in CATALOGUE_STATES:
            return _save_published(request, sheet, capability)
        return _save_draft(request, sheet)
    except StaleForm as stale:
        sheet.renew_version(stale.capability.version)
        sheet.capability = stale.capability
        told = overtaken(stale.capability, CONTENT, sheet.values, sheet.indicators)
        return _form_page(request, sheet, overtaken=told)


def _save_draft(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    is_valid = sheet.is_valid
    if not sheet.has_words and sheet.capability is None:
        goes_on = request.POST.get("action") == "preview"
        wanted = _("先写下资源名称，再预览并发布。") if goes_on else _("先写下资源名称，再保存草稿。")
        sheet.form.add_error("title", wanted)
        return _form_page(request, sheet)
    capability = sheet.save_draft()
    wants_to_publish = request.POST.get("action") == "preview"
    if wants_to_publish:
        sheet.mark_gaps(publication_gaps(capability))
    if not is_valid or (wants_to_publish and sheet.has_gaps):
        sheet.renew_version(capability.version)
        return _form_page(request, sheet)
    if wants_to_publish:
        return redirect("capabilities:publish", capability.public_id)
    messages.success(request, _("草稿已保存，可以随时回来继续填写。"))
    return redirect("capabilities:edit", capability.public_id)


def _save_published(request: HttpRequest, sheet: Sheet, capability: Capability) -> HttpResponse:
    if not sheet.is_valid:
        return _form_page(request, sheet)
    version = capability.version
    try:
        capability = sheet.save_published(capability)
    except ValidationError as error:
        sheet.mark_gaps(error.message_dict)
        return _form_page(request, sheet)
    if capability.state == CapabilityState.RETURNED:
        messages.info(request, capability.return_reason)
    elif capability.version != version:
        messages.success(request, _("资源已更新，正在重新匹配。"))
    return redirect("capabilities:detail", capability.public_id)


def _form_page(
    request: HttpRequest, sheet: Sheet, *, restored: QueryDict | None = None, **context: Any
) -> HttpResponse:
    capability = sheet.capability
    is_draft = capability is None or capability.state in DRAFT_STATES
    context |= {
        "sheet": sheet,
        "form": sheet.form,
        "rows": sheet.rows,
        "capability": capability,
        "is_draft": is_draft,
        "is_restored": restored is not None,
        # A page that stands on top of somebody else's text must not save itself over it.
        "saves_itself": is_draft and "overtaken" not in context,
        "most_tags": MOST_TAGS,
    }
    return render(request, "capabilities/form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Shows what others will see; publishes when that is confirmed."""
    user = signed_in(request)
    capability = editable_capability(user, public_id)
    if request.method == "POST":
        return _publish(request, capability, user)
    if capability.state not in DRAFT_STATES:
        return redirect("capabilities:detail", capability.public_id)
    return _publish_page(request, capability, user, gaps=publication_gaps(capability))


def _publish(request: HttpRequest, capability: Capability, user: User) -> HttpResponse:
    try:
        capability = capability_publish(capability=capability, by=user)
    except ValidationError as error:
        return _publish_page(request, capability, user, gaps=error.message_dict)
    except StateConflict:
        capability.refresh_from_db()
        if capability.state not in (CapabilityState.SUBMITTED, CapabilityState.PUBLISHED):
            raise
    if capability.state == CapabilityState.PUBLISHED:
        messages.success(request, _("资源已发布，正在匹配适合的需求。"))
    elif missing := kept_back(capability):
        messages.info(request, missing)
    else:
        messages.info(request, _("资源已提交。贵单位通过核验后会自动发布，无需再次操作。"))
    return redirect("capabilities:detail", capability.public_id)


def _publish_page(
    request: HttpRequest, capability: Capability, user: User, *, gaps: dict[str, list[str]]
) -> HttpResponse:
    labels = {field.name: getattr(field, "verbose_name", "") for field in capability._meta.get_fields()}
    labels |= {detail.key: detail.label for detail in DETAILS[capability.kind]} | {"indicators": _("技术指标")}
    context = {
        "capability": capability,
        "view": capability_view(capability, AnonymousUser()),
        "gaps": [(labels.get(name, ""), text) for name, texts in gaps.items() for text in texts],
        "decision": can_submit(user, capability),
    }
    return render(request, "capabilities/publish.html", context)
