"""Administration: what went out and what did not. What people are told is theirs: administrators only."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.admin import PlatformAdmin, service_action
from apps.notifications.models import Delivery, GroupRobot, Notification
from apps.notifications.services import delivery_retry


class AdministratorsOnly(PlatformAdmin):
    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return bool(getattr(request.user, "is_administrator", False))


@admin.register(Notification)
class NotificationAdmin(AdministratorsOnly):
    list_display = ("told_at", "recipient", "topic", "kind", "is_by_name", "read_at")
    list_filter = ("topic", "is_by_name", ("read_at", admin.EmptyFieldListFilter))
    list_select_related = ("recipient",)
    search_fields = ("=public_id", "recipient__email", "event_key")
    date_hierarchy = "told_at"
    fields = (
        "public_id",
        "recipient",
        "organisation",
        "topic",
        "event_key",
        "kind",
        "parameters",
        "url_name",
        "url_args",
        "is_by_name",
        "is_in_inbox",
        "told_at",
        "read_at",
    )


@admin.register(Delivery)
class DeliveryAdmin(AdministratorsOnly):
    list_display = ("created_at", "channel", "recipient", "state", "frequency", "due_at", "attempts", "error")
    list_filter = ("state", "channel", "frequency")
    list_select_related = ("notification__recipient", "robot__organisation")
    search_fields = ("=public_id", "=letter", "notification__recipient__email", "event_key")
    date_hierarchy = "created_at"
    fields = (
        "public_id",
        "notification",
        "channel",
        "robot",
        "frequency",
        "letter",
        "state",
        "due_at",
        "attempts",
        "lease_until",
        "finished_at",
        "error",
    )
    actions = (service_action(delivery_retry, name="retry", row="delivery", description=_("重新发送")),)

    @admin.display(description=_("接收方"))
    def recipient(self, delivery: Delivery) -> str:
        return str(delivery.robot or delivery.notification.recipient)


@admin.register(GroupRobot)
class GroupRobotAdmin(AdministratorsOnly):
    """Without the secret; of the address what tells one from another."""

    list_display = ("organisation", "kind", "masked_url", "created_at")
    list_filter = ("kind",)
    list_select_related = ("organisation",)
    search_fields = ("organisation__name",)
    fields = ("organisation", "kind", "masked_url", "language", "quiet_from", "quiet_until", "created_at", "updated_at")
    readonly_fields = ("masked_url",)
