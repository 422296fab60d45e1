"""Targets in the administration; what the figures keep is derived, and rebuilt rather than looked at."""

from django.contrib import admin

from apps.core.admin import PlatformAdmin
from apps.stats.models import Target


@admin.register(Target)
class TargetAdmin(PlatformAdmin):
    may_add = True
    may_change = True
    list_display = ("year", "measure", "value")
    list_filter = ("year",)
