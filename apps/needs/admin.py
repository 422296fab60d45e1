"""Administration of needs: to be looked at, approved, returned and closed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin import IndicatorInline, PlatformAdmin, RowsInline, service_action, service_action_with_reason
from apps.needs.models import Need, NeedAttachment, NeedElement, NeedIndicator
from apps.needs.services import need_approve, need_close, need_return


class NeedIndicatorInline(IndicatorInline):
    model = NeedIndicator
    fields = ("name", "current", "target", "is_hard")


class ElementInline(RowsInline):
    model = NeedElement
    fields = ("kind", "text", "field", "confidence", "state")
    readonly_fields = fields


class AttachmentInline(RowsInline):
    model = NeedAttachment
    fields = ("name", "content_type", "size_bytes", "visibility", "created_at")
    readonly_fields = fields


@admin.register(Need)
class NeedAdmin(PlatformAdmin):
    list_display = (
        "title",
        "organisation",
        "state",
        "need_type",
        "industry_chain",
        "clarity_points",
        "published_at",
        "confirmed_at",
        "valid_until",
    )
    list_filter = ("state", "disclosure", "source", "need_type", "industry_chain")
    list_select_related = ("organisation", "need_type", "industry_chain")
    search_fields = ("title", "goal", "organisation__name", "=public_id", "=external_id")
    search_help_text = _("名称、内容、单位、编号")
    date_hierarchy = "published_at"
    exclude = ("form_key",)
    readonly_fields = ("public_id", "created_at", "updated_at")
    inlines = (NeedIndicatorInline, ElementInline, AttachmentInline)
    actions = (
        service_action(need_approve, name="approve", row="need", description=_("通过并发布")),
        service_action_with_reason(need_return, name="send_back", row="need", description=_("退回修改（填写原因）")),
        service_action(need_close, name="close", row="need", description=_("关闭")),
    )
