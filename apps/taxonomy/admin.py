"""Administration of the vocabularies."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.admin import PlatformAdmin
from apps.taxonomy.models import Alias, PainPoint, Term
from apps.taxonomy.services import term_set_active


class AliasInline(admin.TabularInline):  # type: ignore[type-arg]  # generic for the checker only
    """Aliases may be added and removed by whoever may change the term."""

    model = Alias
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_administrator", False))

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


@admin.register(Term)
class TermAdmin(PlatformAdmin):
    """Terms are retired, never deleted; a term's code is its lasting name."""

    may_add = True
    may_change = True
    list_display = ("name", "code", "vocabulary", "parent", "is_active", "position")
    list_filter = ("vocabulary", "is_active")
    list_select_related = ("parent",)
    search_fields = ("name", "name_en", "=code", "aliases__text")
    autocomplete_fields = ("parent",)
    fields = ("vocabulary", "code", "name", "name_en", "parent", "description", "position", "is_active")
    inlines = (AliasInline,)
    actions = ("retire", "bring_back")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Retiring is an action, which is kept in the trail by its name."""
        return ("vocabulary", "code", "is_active") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.merged_into_id is None)

    @admin.action(description=_("停用（不再供选择，已用的保留）"), permissions=["change"])
    def retire(self, request: HttpRequest, chosen: Any) -> None:
        self._set_active(request, chosen, is_active=False)

    @admin.action(description=_("重新启用"), permissions=["change"])
    def bring_back(self, request: HttpRequest, chosen: Any) -> None:
        self._set_active(request, chosen, is_active=True)

    def _set_active(self, request: HttpRequest, chosen: Any, *, is_active: bool) -> None:
        for term in chosen.exclude(is_active=is_active):
            term_set_active(term=term, by=request.user, is_active=is_active)  # type: ignore[arg-type]  # signed in


@admin.register(PainPoint)
class PainPointAdmin(PlatformAdmin):
    may_add = True
    may_change = True
    list_display = ("title", "chain", "need_type", "need_title")
    list_filter = ("chain", "need_type")
    list_select_related = ("chain", "need_type")
    search_fields = ("title", "symptom", "need_title", "need_goal", "=code")
    autocomplete_fields = ("tags",)
