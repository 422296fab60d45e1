"""Administration of capabilities: to be looked at, approved, returned and taken down."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.capabilities.kinds import labelled_details
from apps.capabilities.models import Capability, CapabilityIndicator
from apps.capabilities.services import capability_approve, capability_archive, capability_return
from apps.core.admin import IndicatorInline, PlatformAdmin, service_action, service_action_with_reason


class CapabilityIndicatorInline(IndicatorInline):
    model = CapabilityIndicator
    fields = ("name", "target")


@admin.register(Capability)
class CapabilityAdmin(PlatformAdmin):
    list_display = ("title", "kind", "organisation", "state", "trl", "published_at", "confirmed_at", "valid_until")
    list_filter = ("state", "kind", "disclosure", "source", "industries")
    list_select_related = ("organisation",)
    search_fields = ("title", "value", "description", "organisation__name", "=public_id", "=external_id")
    search_help_text = _("名称、内容、机构、编号")
    date_hierarchy = "published_at"
    exclude = ("form_key", "details")
    readonly_fields = ("public_id", "details_in_words", "created_at", "updated_at")
    inlines = (CapabilityIndicatorInline,)
    actions = (
        service_action(capability_approve, name="approve", row="capability", description=_("通过并发布")),
        service_action_with_reason(
            capability_return, name="send_back", row="capability", description=_("退回修改（填写原因）")
        ),
        service_action(capability_archive, name="archive", row="capability", description=_("下架")),
    )

    @admin.display(description=_("分类信息"))
    def details_in_words(self, capability: Capability) -> SafeString:
        details = labelled_details(capability.kind, capability.details, with_owner=True)
        return format_html_join("", "<p><strong>{}</strong>：{}</p>", details)
