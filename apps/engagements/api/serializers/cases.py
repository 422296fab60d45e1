"""Shapes of engagements."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.engagements.api.serializers.outcomes import OutcomeSerializer
from apps.engagements.models import Engagement, Wait
from apps.matching.api.serializers import ContactSerializer
from apps.matching.presentation import ProposalView


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
    is_overdue = serializers.BooleanField(read_only=True)

    class Meta:
        model = Engagement
        fields = (
            "id",
            "state",
            "state_label",
            "opened_at",
            "state_since",
            "next_action",
            "due_on",
            "is_overdue",
            "awaits_agreement",
            "proposal",
            "need",
            "capability",
        )
        read_only_fields = fields


class WaitSerializer(serializers.ModelSerializer[Wait]):
    """What `side` is to answer, and until when."""

    class Meta:
        model = Wait
        fields = ("kind", "side", "asked_at", "due_at")
        read_only_fields = fields


class EngagementSerializer(EngagementCardSerializer):
    """An engagement with both sides' contacts and its outcomes. `revision` names what was read."""

    revision = serializers.CharField(read_only=True)
    owner = serializers.SerializerMethodField()
    broker = serializers.CharField(source="broker.name", default=None, allow_null=True, read_only=True)
    contacts = serializers.SerializerMethodField()
    outcomes = OutcomeSerializer(many=True, read_only=True)
    waits = serializers.SerializerMethodField()

    class Meta(EngagementCardSerializer.Meta):
        fields = (
            *EngagementCardSerializer.Meta.fields,
            "revision",
            "owner",
            "broker",
            "end_reason",
            "end_note",
            "contacts",
            "outcomes",
            "waits",
        )  # type: ignore[assignment]  # the stubs want a tuple of just as many names as the parent's
        read_only_fields = fields  # type: ignore[assignment]  # the stubs want lists

    def get_owner(self, engagement: Engagement) -> str | None:
        """The name, once names are open."""
        hidden = engagement.awaits_agreement or engagement.owner is None
        return None if hidden else str(engagement.owner)

    @extend_schema_field(WaitSerializer(many=True))
    def get_waits(self, engagement: Engagement) -> Any:
        return WaitSerializer(Wait.objects.open().filter(engagement=engagement), many=True).data

    @extend_schema_field(ContactSerializer(many=True))
    def get_contacts(self, engagement: Engagement) -> Any:
        shown = ProposalView(engagement.proposal, self.context["request"].user).contacts
        return ContactSerializer(shown, many=True).data
