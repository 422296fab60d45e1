"""Shapes of engagements and outcomes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.api.terms import TermField, TermSerializer
from apps.engagements.models import Engagement, Outcome
from apps.matching.api.serializers import ContactSerializer
from apps.matching.presentation import ProposalView

TOLD = (
    "outcome_type",
    "description",
    "occurred_on",
    "indicator_name",
    "before_value",
    "after_value",
    "new_sales_yuan",
    "cost_saved_yuan",
    "invested_yuan",
)


class OutcomeSerializer(serializers.ModelSerializer[Outcome]):
    """Money is in yuan. `revision` names what was read, for whoever confirms it."""

    id = serializers.CharField(source="public_id", read_only=True)
    engagement = serializers.CharField(source="engagement.public_id", read_only=True)
    outcome_type = TermSerializer(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    revision = serializers.CharField(read_only=True)

    class Meta:
        model = Outcome
        fields = (
            "id",
            "engagement",
            "state",
            "state_label",
            *TOLD,
            "evidence_name",
            "reported_side",
            "reported_at",
            "confirmed_at",
            "rejection_reason",
            "revision",
        )
        read_only_fields = fields


class OutcomeReportSerializer(serializers.ModelSerializer[Outcome]):
    """What one side tells; evidence may come with it as multipart/form-data."""

    outcome_type = TermField("outcome_type", required=True)
    evidence = serializers.FileField(required=False, max_length=200)

    class Meta:
        model = Outcome
        fields = (*TOLD, "evidence")


class OutcomeChangesSerializer(OutcomeReportSerializer):
    outcome_type = TermField("outcome_type", required=False, allow_null=False)

    class Meta(OutcomeReportSerializer.Meta):
        extra_kwargs = {"description": {"required": False}, "occurred_on": {"required": False}}


class ConfirmSerializer(serializers.Serializer[Any]):
    revision = serializers.CharField(
        max_length=40, required=False, help_text=_("读取时的 revision；期间若被对方修改则返回 409。")
    )


class RejectSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(allow_blank=True, required=False, default="", max_length=1000)


class SummarySerializer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id", read_only=True)
    title = serializers.CharField(read_only=True)


class EngagementCardSerializer(serializers.ModelSerializer[Engagement]):
    """An engagement in a list."""

    id = serializers.CharField(source="public_id", read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    proposal = serializers.CharField(source="proposal.public_id", read_only=True)
    need = SummarySerializer(source="proposal.need", read_only=True)
    capability = SummarySerializer(source="proposal.capability", read_only=True)

    class Meta:
        model = Engagement
        fields = ("id", "state", "state_label", "opened_at", "proposal", "need", "capability")
        read_only_fields = fields


class EngagementSerializer(EngagementCardSerializer):
    """An engagement with both sides' contacts and its outcomes."""

    contacts = serializers.SerializerMethodField()
    outcomes = OutcomeSerializer(many=True, read_only=True)

    class Meta(EngagementCardSerializer.Meta):
        fields = (*EngagementCardSerializer.Meta.fields, "contacts", "outcomes")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]  # the stubs want lists

    @extend_schema_field(ContactSerializer(many=True))
    def get_contacts(self, engagement: Engagement) -> Any:
        shown = ProposalView(engagement.proposal, self.context["request"].user).contacts
        return ContactSerializer(shown, many=True).data
