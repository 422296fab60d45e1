"""Administration of matching: the jobs, what came of them, and the weights behind the scores."""

import json
from typing import Any

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.admin import PlatformAdmin
from apps.matching.models import Ask, Bid, IndexGeneration, MatchRequest, NeedWait, Proposal, Ranker, Rematch
from apps.matching.rematches.presentation import percent_of, title_of


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
    list_display = ("need", "capability", "points", "rank", "state", "proposed_at", "accepted_at", "ranker")
    list_filter = ("state", "declined_side", "decline_reason", "engine_version")
    list_select_related = ("need", "capability", "ranker")
    search_fields = ("need__title", "capability__title", "=public_id", "=need__public_id", "=capability__public_id")
    date_hierarchy = "proposed_at"
    readonly_fields = ("public_id", "created_at", "updated_at")

    @admin.display(description=_("匹配度"), ordering="score")
    def points(self, proposal: Proposal) -> str:
        return f"{proposal.score:.0f}"


@admin.register(Ask)
class AskAdmin(PlatformAdmin):
    list_display = ("proposal", "side", "organisation", "asked_at", "due_at", "reminded_at", "answered_at", "answer")
    list_filter = ("answer", "side")
    list_select_related = ("proposal__need", "proposal__capability", "organisation")
    search_fields = ("=proposal__public_id", "organisation__name")
    date_hierarchy = "asked_at"


@admin.register(NeedWait)
class NeedWaitAdmin(PlatformAdmin):
    list_display = ("need", "kind", "since", "due_at", "reminded_at", "ended_at", "result")
    list_filter = ("kind", "result")
    list_select_related = ("need",)
    search_fields = ("need__title", "=need__public_id")
    date_hierarchy = "since"


@admin.register(Bid)
class BidAdmin(PlatformAdmin):
    list_display = ("proposal", "price_wan", "months", "placed_by", "placed_at", "withdrawn_at")
    list_select_related = ("proposal__need", "proposal__capability", "placed_by")
    search_fields = ("=proposal__public_id", "proposal__need__title", "proposal__capability__title")
    date_hierarchy = "placed_at"


@admin.register(Ranker)
class RankerAdmin(PlatformAdmin):
    """To be looked at: `train_ranker` and `rollback_ranker` are the ways to change which one is in use."""

    list_display = ("__str__", "source", "is_current", "gain", "needs", "engine_version", "created_at", "promoted_at")
    list_filter = ("is_current", "source", "engine_version")
    list_select_related = ("predecessor",)
    search_fields = ("=public_id",)
    fields = (
        "__str__",
        "source",
        "is_current",
        "engine_version",
        "predecessor",
        "pretty_weights",
        "pretty_labels",
        "pretty_evaluation",
        "trained_by",
        "created_at",
        "promoted_at",
        "retired_at",
    )

    @admin.display(description=_("前十名的收益差"))
    def gain(self, ranker: Ranker) -> str:
        """The difference on unseen needs with its interval."""
        gap = ranker.evaluation.get("difference")
        return f"{gap['mean']:+.3f} [{gap['low']:+.3f}, {gap['high']:+.3f}]" if gap else "–"

    @admin.display(description=_("参与检验的需求"))
    def needs(self, ranker: Ranker) -> str:
        return str(ranker.evaluation.get("needs", "–"))

    @admin.display(description=_("权重"))
    def pretty_weights(self, ranker: Ranker) -> SafeString:
        return _pretty(ranker.weights)

    @admin.display(description=_("训练标签"))
    def pretty_labels(self, ranker: Ranker) -> SafeString:
        return _pretty(ranker.labels)

    @admin.display(description=_("评估"))
    def pretty_evaluation(self, ranker: Ranker) -> SafeString:
        return _pretty(ranker.evaluation)


@admin.register(Rematch)
class RematchAdmin(PlatformAdmin):
    """To be looked at: it is started, paused and cancelled on its own page, or by `manage.py rematch`."""

    list_display = ("public_id", "what", "state", "progress", "cause", "started_by", "started_at", "finished_at")
    list_display_links = ("public_id", "what")
    list_filter = ("state", "scope", "cause")
    list_select_related = ("chain", "district", "started_by")
    search_fields = ("=public_id", "error")
    date_hierarchy = "started_at"
    fields = (
        "public_id",
        "what",
        "state",
        "progress",
        "passed",
        "handed_over",
        "chunk_size",
        "cause",
        "started_by",
        "started_at",
        "finished_at",
        "lease_until",
        "error",
    )

    @admin.display(description=_("匹配范围"), ordering="target")
    def what(self, rematch: Rematch) -> str:
        return title_of(rematch)

    @admin.display(description=_("进度"))
    def progress(self, rematch: Rematch) -> str:
        return f"{rematch.done} / {rematch.total}（{percent_of(rematch)}%）"


def _pretty(content: Any) -> SafeString:
    return format_html("<pre>{}</pre>", json.dumps(content, ensure_ascii=False, indent=2))


@admin.register(IndexGeneration)
class IndexGenerationAdmin(PlatformAdmin):
    """To be looked at: workers build when that is due, `build_index` at once."""

    list_display = (
        "number",
        "state",
        "capabilities_count",
        "needs_count",
        "size",
        "seconds",
        "published_at",
        "engine_version",
        "error",
    )
    list_filter = ("state", "engine_version")
    search_fields = ("=number", "=public_id")
    date_hierarchy = "started_at"
    fields = (
        *("number", "state", "error", "capabilities_count", "needs_count", "size", "seconds", "started_at"),
        *("published_at", "finished_at", "lease_until", "attempt", "engine_version", "method", "encoder"),
        *("corpus_hash", "changes_through", "folder", "manifest_hash"),
    )

    @admin.display(description=_("大小"), ordering="bytes")
    def size(self, generation: IndexGeneration) -> str:
        return filesizeformat(generation.bytes)
