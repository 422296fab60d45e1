"""Administration of engagements and outcomes."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin import PlatformAdmin, RowsInline, service_action, service_action_with_reason
from apps.engagements.models import Engagement, Outcome
from apps.engagements.services import outcome_confirm, outcome_reject


class OutcomeInline(RowsInline):
    model = Outcome
    fields = ("outcome_type", "state", "occurred_on", "description", "reported_by", "confirmed_at")
    readonly_fields = fields


@admin.register(Engagement)
class EngagementAdmin(PlatformAdmin):
    list_display = ("proposal", "state", "opened_at")
    list_filter = ("state",)
    list_select_related = ("proposal__need", "proposal__capability")
    search_fields = ("proposal__need__title", "proposal__capability__title", "=public_id")
    date_hierarchy = "opened_at"
    readonly_fields = ("public_id", "created_at", "updated_at")
    inlines = (OutcomeInline,)


@admin.register(Outcome)
class OutcomeAdmin(PlatformAdmin):
    list_display = ("outcome_type", "engagement", "state", "reported_side", "occurred_on", "confirmed_at")
    list_filter = ("state", "outcome_type", "reported_side")
    list_select_related = ("outcome_type", "engagement__proposal__need", "engagement__proposal__capability")
    search_fields = ("description", "engagement__proposal__need__title", "=public_id", "=engagement__public_id")
    date_hierarchy = "occurred_on"
    exclude = ("evidence",)  # fetched from the engagement's page, where access is checked
    readonly_fields = ("public_id", "created_at", "updated_at")
    actions = (
        service_action(outcome_confirm, name="confirm", row="outcome", description=_("代为确认")),
        service_action_with_reason(outcome_reject, name="reject", row="outcome", description=_("驳回（填写原因）")),
    )
