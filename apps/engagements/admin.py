"""Administration of engagements and outcomes."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin import PlatformAdmin, RowsInline, service_action, service_action_with_reason
from apps.engagements.models import (
    Agreement,
    Contract,
    ContractCredit,
    Engagement,
    FormerTerms,
    Instalment,
    Milestone,
    Outcome,
    PhoneCall,
    Referral,
)
from apps.engagements.services import outcome_confirm, outcome_reject


class OutcomeInline(RowsInline):
    model = Outcome
    fields = ("outcome_type", "state", "occurred_on", "description", "reported_by", "confirmed_at")
    readonly_fields = fields


@admin.register(Engagement)
class EngagementAdmin(PlatformAdmin):
    list_display = ("proposal", "state", "owner", "due_on", "broker", "opened_at")
    list_filter = ("state",)
    list_select_related = ("proposal__need", "proposal__capability", "owner", "broker")
    search_fields = ("proposal__need__title", "proposal__capability__title", "=public_id")
    date_hierarchy = "opened_at"
    readonly_fields = ("public_id", "created_at", "updated_at")
    inlines = (OutcomeInline,)


class InstalmentInline(RowsInline):
    model = Instalment
    fields = ("planned_on", "planned_yuan", "received_on", "received_yuan", "received_by")
    readonly_fields = fields


class MilestoneInline(RowsInline):
    model = Milestone
    fields = ("title", "due_on", "need_accepted_at", "capability_accepted_at")
    readonly_fields = fields


class FormerTermsInline(RowsInline):
    model = FormerTerms
    fields = ("version", "amount_yuan", "signed_on", "reason", "replaced_by", "replaced_at")
    readonly_fields = fields


@admin.register(Contract)
class ContractAdmin(PlatformAdmin):
    """Its files are fetched from the case's page, where access is checked."""

    list_display = ("title", "contract_type", "registration_number", "signed_on", "amount_yuan", "version")
    list_filter = ("contract_type",)
    list_select_related = ("contract_type",)
    search_fields = ("title", "registration_number", "client_name", "provider_name", "=public_id")
    date_hierarchy = "signed_on"
    readonly_fields = ("public_id", "created_at", "updated_at")
    inlines = (InstalmentInline, MilestoneInline, FormerTermsInline)


@admin.register(Agreement)
class AgreementAdmin(PlatformAdmin):
    list_display = ("public_id", "engagement", "need_confirmed_at", "capability_confirmed_at", "signed_at")
    list_select_related = ("engagement__proposal__need", "engagement__proposal__capability")
    search_fields = ("=public_id", "=engagement__public_id", "need_party", "capability_party")
    readonly_fields = ("public_id", "created_at", "updated_at")


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


@admin.register(Referral)
class ReferralAdmin(PlatformAdmin):
    list_display = ("kind", "need", "taken_by", "since", "opened_at", "result", "closed_at")
    list_filter = ("kind", "result")
    list_select_related = ("need", "taken_by")
    search_fields = ("need__title", "=public_id")
    date_hierarchy = "opened_at"
    readonly_fields = ("public_id", "created_at", "updated_at")


@admin.register(PhoneCall)
class PhoneCallAdmin(PlatformAdmin):
    list_display = ("need", "side", "by", "called_at", "next_action", "next_on")
    list_filter = ("side",)
    list_select_related = ("need", "by")
    search_fields = ("need__title", "result", "=public_id")
    date_hierarchy = "called_at"
    readonly_fields = ("public_id", "created_at", "updated_at")


@admin.register(ContractCredit)
class ContractCreditAdmin(PlatformAdmin):
    list_display = ("contract", "broker", "percent", "proposed_at", "confirmed_at")
    list_select_related = ("contract", "broker")
    search_fields = ("contract__title", "broker__name", "=public_id")
    readonly_fields = ("public_id", "created_at", "updated_at")
