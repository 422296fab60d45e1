"""Administration of matching: the jobs and what came of them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin import PlatformAdmin
from apps.matching.models import MatchRequest, Proposal


@admin.register(MatchRequest)
class MatchRequestAdmin(PlatformAdmin):
    list_display = ("public_id", "need", "capability", "priority", "state", "attempt", "due_at", "finished_at")
    list_filter = ("state", "priority", "stage", "engine_version")
    list_select_related = ("need", "capability")
    search_fields = ("=public_id", "need__title", "capability__title", "=need__public_id", "=capability__public_id")
    date_hierarchy = "created_at"
    readonly_fields = ("public_id", "created_at", "updated_at")


@admin.register(Proposal)
class ProposalAdmin(PlatformAdmin):
    list_display = ("need", "capability", "points", "rank", "state", "proposed_at", "accepted_at")
    list_filter = ("state", "declined_side", "decline_reason", "engine_version")
    list_select_related = ("need", "capability")
    search_fields = ("need__title", "capability__title", "=public_id", "=need__public_id", "=capability__public_id")
    date_hierarchy = "proposed_at"
    readonly_fields = ("public_id", "created_at", "updated_at")

    @admin.display(description=_("匹配度"), ordering="score")
    def points(self, proposal: Proposal) -> str:
        return f"{proposal.score:.0f}"
