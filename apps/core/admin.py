"""The administration of the platform: what all its pages share, and the audit trail.

Rows with a lifecycle are looked at here, never typed over: what changes them are actions that call the services.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from apps.core import audit
from apps.core.errors import DomainError
from apps.core.indicators import IndicatorRow
from apps.core.models import AuditEntry

admin.site.site_header = gettext_lazy("云端研发 · 管理后台")
admin.site.site_title = gettext_lazy("云端研发管理后台")
admin.site.index_title = gettext_lazy("平台管理")

LONGEST_REASON = 300
Service = Callable[..., Any]


class PlatformAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the checker only
    """To be looked at by administrators and reviewers of the whole city: what is shown is not narrowed to districts.

    Subclasses say what administrators may add and change.
    """

    may_add = False
    may_change = False
    list_per_page = 50
    show_full_result_count = False

    class Media:
        css = {"all": ("core/admin.css",)}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _reviews_the_whole_city(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add and _is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change and _is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted: rows are closed, archived, retired."""
        return False

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:  # noqa: FBT001  (Django's)
        """What administrators type here is in the audit trail, as everything else."""
        super().save_model(request, obj, form, change)
        action = f"{obj._meta.model_name}.{'edited' if change else 'added'}_by_administrator"
        changes = {name: [form.initial.get(name), form.cleaned_data.get(name)] for name in form.changed_data}
        audit.record(obj, action, by=request.user, changes=changes)  # type: ignore[arg-type]  # staff are signed in


class RowsInline(admin.TabularInline):  # type: ignore[type-arg]  # generic for the checker only
    """Rows of another table, to be looked at."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class IndicatorInline(RowsInline):
    """Rows of technical indicators, each as people read it."""

    readonly_fields = ("target",)

    @admin.display(description=gettext_lazy("指标要求"))
    def target(self, row: IndicatorRow) -> str:
        return row.target_text


def service_action(service: Service, *, name: str, row: str, description: Any) -> Callable[..., HttpResponse | None]:
    """An admin action that calls `service(<row>=…, by=…)` for each chosen row, and tells which it refused and why."""

    def act(modeladmin: Any, request: HttpRequest, chosen: models.QuerySet[Any]) -> HttpResponse | None:
        _carry_out(request, chosen, lambda obj: service(**{row: obj}, by=request.user))
        return None

    return _named(act, name, description)


def service_action_with_reason(
    service: Service, *, name: str, row: str, description: Any
) -> Callable[..., HttpResponse | None]:
    """Like `service_action`, but asks for a reason first, which the owners of the rows will read."""

    def act(modeladmin: Any, request: HttpRequest, chosen: models.QuerySet[Any]) -> HttpResponse | None:
        reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
        if reason:
            _carry_out(request, chosen, lambda obj: service(**{row: obj}, by=request.user, reason=reason))
            return None
        context = {
            **modeladmin.admin_site.each_context(request),
            "title": description,
            "rows": chosen,
            "action": name,
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "longest": LONGEST_REASON,
            "was_asked": "reason" in request.POST,
            "opts": modeladmin.opts,
        }
        return TemplateResponse(request, "admin/core/reason.html", context)

    return _named(act, name, description)


def _named(act: Callable[..., HttpResponse | None], name: str, description: Any) -> Callable[..., HttpResponse | None]:
    act.__name__ = name
    return admin.action(description=description)(act)


def _carry_out(request: HttpRequest, chosen: Iterable[Any], call: Callable[[Any], Any]) -> None:
    done = 0
    for obj in chosen:
        try:
            call(obj)
        except (DomainError, ValidationError) as error:
            messages.error(request, f"{obj}：{_sentence(error)}")
        else:
            done += 1
    if done:
        messages.success(request, ngettext("已处理 %(count)d 条。", "已处理 %(count)d 条。", done) % {"count": done})


def _sentence(error: DomainError | ValidationError) -> str:
    return str(error.message) if isinstance(error, DomainError) else " ".join(error.messages)


def _is_administrator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_administrator", False))


@admin.register(AuditEntry)
class AuditEntryAdmin(PlatformAdmin):
    list_display = ("at", "actor", "action", "object_type", "object_public_id", "address", "request_id")
    list_filter = ("action", "object_type")
    list_select_related = ("actor",)
    search_fields = ("=object_public_id", "actor__email", "actor__name", "=request_id", "=address")
    search_help_text = gettext_lazy("对象编号、操作人、请求编号或来源地址")
    date_hierarchy = "at"
    fields = (
        "at",
        "actor",
        "action",
        "object_type",
        "object_public_id",
        "pretty_changes",
        "address",
        "request_id",
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Addresses and all that people did: administrators' business."""
        return _is_administrator(request)

    @admin.display(description=gettext_lazy("变更内容"))
    def pretty_changes(self, entry: AuditEntry) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(entry.changes, ensure_ascii=False, indent=2))


def _reviews_the_whole_city(request: HttpRequest) -> bool:
    is_everywhere = _is_administrator(request) or getattr(request.user, "covers_city", False)
    return bool(getattr(request.user, "is_reviewer", False) and is_everywhere)
