"""Shapes of outcomes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.api.terms import TermField, TermSerializer
from apps.engagements.models import Outcome

TOLD = (
    "outcome_type",
    "description",
    "occurred_on",
    "indicator_name",
    "indicator_unit",
    "before_value",
    "after_value",
    "new_sales_yuan",
    "cost_saved_yuan",
    "invested_yuan",
    "received_yuan",
    "failure_reason",
)


class OutcomeSerializer(serializers.ModelSerializer[Outcome]):
    """Money is in yuan. `revision` names what was read, for whoever confirms, rejects or corrects it."""

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
        fields: tuple[str, ...] = (*TOLD, "evidence")


class OutcomeChangesSerializer(OutcomeReportSerializer):
    """What changes, and the `revision` that was read."""

    outcome_type = TermField("outcome_type", required=False, allow_null=False)
    seen = serializers.CharField(
        max_length=40, required=False, help_text=_("读取时的 revision；期间若有变化则返回 409。")
    )

    class Meta(OutcomeReportSerializer.Meta):
        fields = (*OutcomeReportSerializer.Meta.fields, "seen")
        extra_kwargs = {"description": {"required": False}, "occurred_on": {"required": False}}


class ConfirmSerializer(serializers.Serializer[Any]):
    revision = serializers.CharField(
        max_length=40, required=False, help_text=_("读取时的 revision；期间若被对方修改则返回 409。")
    )


class RejectSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(allow_blank=True, required=False, default="", max_length=1000)
    seen = serializers.CharField(
        max_length=40, required=False, help_text=_("读取时的 revision；期间若有变化则返回 409。")
    )
