"""Saved searches, to be looked at."""

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin import PlatformAdmin
from apps.searches.models import SavedSearch


@admin.register(SavedSearch)
class SavedSearchAdmin(PlatformAdmin):
    list_display = ("name", "owner", "list_key", "is_paused", "invalid_since", "found_count", "found_at", "looked_at")
    list_filter = ("list_key", "is_paused")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__email", "=public_id")

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """What somebody looks for is their own affair; administrators look where something went wrong."""
        return bool(getattr(request.user, "is_administrator", False))
