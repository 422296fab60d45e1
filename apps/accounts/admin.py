"""Administration of people and organisations."""

import secrets
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.models import TokenProxy

from apps.accounts.administrators import can_spare, hold_administrators
from apps.accounts.models import CloudCentre, JoinRequest, Membership, Organisation, PlatformRole, User
from apps.accounts.services import organisation_reject, organisation_verify, user_deactivate, user_reactivate
from apps.core.admin import PlatformAdmin, RowsInline, service_action, service_action_with_reason

# Rights come from roles and memberships, not from groups; and tokens are nobody's but their owner's to read.
admin.site.unregister(Group)
admin.site.unregister(TokenProxy)


class MembershipInline(RowsInline):
    model = Membership
    fields = ("user", "organisation", "role", "joined_at")
    readonly_fields = fields


@admin.register(Organisation)
class OrganisationAdmin(PlatformAdmin):
    """Name, kind and code of a verified organisation are changed here only."""

    may_change = True
    list_display = ("name", "kind", "credit_code", "district", "state", "created_at", "verified_at")
    list_filter = ("state", "kind", "district", "tiers")
    list_select_related = ("district",)
    search_fields = ("name", "short_name", "=credit_code", "=public_id")
    date_hierarchy = "created_at"
    fields = (
        "public_id",
        "name",
        "short_name",
        "kind",
        "credit_code",
        "district",
        "tiers",
        "description",
        "state",
        "rejection_reason",
        "verified_at",
        "verified_by",
        "created_at",
        "updated_at",
    )
    readonly_fields = (
        "public_id",
        "state",
        "rejection_reason",
        "verified_at",
        "verified_by",
        "created_at",
        "updated_at",
    )
    filter_horizontal = ("tiers",)
    inlines = (MembershipInline,)
    actions = (
        service_action(organisation_verify, name="verify", row="organisation", description=_("通过核验")),
        service_action_with_reason(
            organisation_reject, name="reject", row="organisation", description=_("不予通过（填写原因）")
        ),
    )


@admin.register(User)
class UserAdmin(PlatformAdmin):
    """New people of the platform itself are added here; they choose a password by “忘记密码”."""

    may_add = True
    may_change = True
    list_display = ("email", "name", "phone", "platform_role", "organisation", "is_active", "created_at")
    list_filter = ("platform_role", "is_active", ("email_confirmed_at", admin.EmptyFieldListFilter))
    list_select_related = ("membership__organisation",)
    search_fields = ("email", "name", "=phone", "membership__organisation__name")
    date_hierarchy = "created_at"
    fields = (
        "email",
        "name",
        "phone",
        "platform_role",
        "covers_city",
        "districts",
        "organisation",
        "is_active",
        "email_confirmed_at",
        "last_login",
        "created_at",
    )
    actions = (
        service_action(user_deactivate, name="deactivate", row="user", description=_("停用账号")),
        service_action(user_reactivate, name="reactivate", row="user", description=_("重新启用账号")),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An address is confirmed by its owner, so it changes with nobody else; an account is closed by the action."""
        shown = ("organisation", "is_active", "email_confirmed_at", "last_login", "created_at")
        return (*shown, "email") if obj else shown

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who was forgotten is given no name and no role again."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_erased)

    @admin.display(description=_("所属机构"))
    def organisation(self, user: User) -> str:
        membership = getattr(user, "membership", None)
        return str(membership.organisation) if membership else "—"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001  (Django's)
        """Who may enter the administration follows from role and region; the platform keeps one who administers it.

        Nobody knows the first password.
        """
        if change and not obj.is_administrator:
            hold_administrators()
            can_spare(obj).require()
        reviews_the_whole_city = obj.platform_role == PlatformRole.REVIEWER and obj.covers_city
        obj.is_staff = obj.is_superuser or obj.platform_role == PlatformRole.ADMINISTRATOR or reviews_the_whole_city
        if not change:
            obj.email = obj.email.lower()
            obj.set_password(secrets.token_urlsafe(24))
        super().save_model(request, obj, form, change)


@admin.register(CloudCentre)
class CloudCentreAdmin(PlatformAdmin):
    list_display = ("organisation", "industry_chain", "district", "products", "research_staff", "opened_at")
    list_filter = ("organisation__state", "organisation__district", "industry_chain")
    list_select_related = ("organisation__district", "industry_chain")
    search_fields = ("organisation__name", "products", "=public_id")
    date_hierarchy = "opened_at"

    @admin.display(description=_("所在区市"))
    def district(self, centre: CloudCentre) -> str:
        return str(centre.organisation.district or "—")


@admin.register(JoinRequest)
class JoinRequestAdmin(PlatformAdmin):
    list_display = ("person", "organisation", "state", "asked_at", "decided_at", "decided_by")
    list_filter = ("state",)
    list_select_related = ("person", "organisation", "decided_by")
    search_fields = ("organisation__name", "person__email", "person__name", "=public_id")
    date_hierarchy = "asked_at"
