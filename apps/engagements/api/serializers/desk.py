"""Shapes of the desk. Organisations are not named here: who may know them reads them at the need, pair or case."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.accounts.models import User
from apps.engagements.api.serializers.cases import SummarySerializer
from apps.engagements.models import ContractCredit, PhoneCall, ReferralResult


class ReferralSerializer(serializers.Serializer[Any]):
    """A matter of the desk. `since`: when it began to wait; `region`: the districts it lies in."""

    id = serializers.CharField(source="referral.public_id", read_only=True)
    kind = serializers.CharField(source="referral.kind", read_only=True)
    kind_label = serializers.CharField(source="referral.get_kind_display", read_only=True)
    why = serializers.CharField(read_only=True)
    region = serializers.CharField(read_only=True)
    since = serializers.DateTimeField(source="referral.since", read_only=True)
    need = SummarySerializer(source="referral.need", read_only=True)
    proposal = serializers.CharField(
        source="referral.proposal.public_id", default=None, allow_null=True, read_only=True
    )
    engagement = serializers.CharField(
        source="referral.engagement.public_id", default=None, allow_null=True, read_only=True
    )
    taken_by = serializers.CharField(source="referral.taken_by.name", default=None, allow_null=True, read_only=True)
    next_action = serializers.CharField(read_only=True)
    next_on = serializers.DateField(read_only=True, allow_null=True)
    closed_at = serializers.DateTimeField(source="referral.closed_at", read_only=True, allow_null=True)
    result = serializers.CharField(source="referral.result", read_only=True)
    result_note = serializers.CharField(source="referral.result_note", read_only=True)


class HandOverSerializer(serializers.Serializer[Any]):
    """Without `to` the matter goes back to the queue."""

    to = serializers.EmailField(
        required=False, allow_null=True, default=None, help_text=_("接手的技术经纪人的邮箱；不填则放回待分配。")
    )
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")

    def validate_to(self, email: str | None) -> User | None:
        if email is None:
            return None
        found = User.objects.filter(email=email.lower(), is_active=True).first()
        if found is None or not found.is_broker:
            raise serializers.ValidationError(_("请选择一位技术经纪人。"))
        return found


class ReferralPlanSerializer(serializers.Serializer[Any]):
    next_action = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    next_on = serializers.DateField(required=False, allow_null=True, default=None)


class ReferralCloseSerializer(serializers.Serializer[Any]):
    result = serializers.ChoiceField(
        choices=[(value, label) for value, label in ReferralResult.choices if value != ReferralResult.LAPSED]
    )
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class PhoneCallSerializer(serializers.ModelSerializer[PhoneCall]):
    id = serializers.CharField(source="public_id", read_only=True)
    need = SummarySerializer(read_only=True)
    proposal = serializers.CharField(source="proposal.public_id", default=None, allow_null=True, read_only=True)
    engagement = serializers.CharField(source="engagement.public_id", default=None, allow_null=True, read_only=True)
    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = PhoneCall
        fields = (
            "id",
            "need",
            "proposal",
            "engagement",
            "side",
            "with_whom",
            "called_at",
            "result",
            "next_action",
            "next_on",
            "by",
        )
        read_only_fields = fields


class CallRecordSerializer(serializers.ModelSerializer[PhoneCall]):
    """About exactly one of `engagement`, `proposal` and `need`, by its id."""

    need = serializers.CharField(max_length=12, required=False)
    proposal = serializers.CharField(max_length=12, required=False)
    engagement = serializers.CharField(max_length=12, required=False)

    class Meta:
        model = PhoneCall
        fields = (
            "need",
            "proposal",
            "engagement",
            "side",
            "with_whom",
            "called_at",
            "result",
            "next_action",
            "next_on",
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in ("need", "proposal", "engagement")) != 1:
            raise serializers.ValidationError(_("请指明需求、推荐和对接中的一项。"))
        return attrs


class RecommendationSerializer(serializers.Serializer[Any]):
    need = serializers.CharField(max_length=12)
    capability = serializers.CharField(max_length=12)
    reason = serializers.CharField(max_length=500)


class RecommendedSerializer(serializers.Serializer[Any]):
    proposal = serializers.CharField(source="public_id", read_only=True)
    state = serializers.CharField(read_only=True)


class ShareSerializer(serializers.Serializer[Any]):
    broker = serializers.EmailField()
    percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=Decimal(100)
    )

    def validate_broker(self, email: str) -> User:
        found = User.objects.filter(email=email.lower(), is_active=True).first()
        if found is None or not found.is_broker:
            raise serializers.ValidationError(_("请选择一位技术经纪人。"))
        return found


class SharesSerializer(serializers.Serializer[Any]):
    """All shares of the contract together: what is not sent is no share afterwards."""

    shares = serializers.ListField(child=ShareSerializer(), min_length=1, max_length=6)

    def validate_shares(self, shares: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({share["broker"] for share in shares}) != len(shares):
            raise serializers.ValidationError(_("同一位技术经纪人只能填写一次。"))
        return shares


class CreditSerializer(serializers.ModelSerializer[ContractCredit]):
    """Money in yuan, as a string."""

    id = serializers.CharField(source="public_id", read_only=True)
    engagement = serializers.CharField(source="contract.engagement.public_id", read_only=True)
    contract = serializers.CharField(source="contract.title", read_only=True)
    broker = serializers.CharField(source="broker.name", read_only=True)
    amount_yuan = serializers.DecimalField(max_digits=18, decimal_places=2, read_only=True)

    class Meta:
        model = ContractCredit
        fields = ("id", "engagement", "contract", "broker", "percent", "amount_yuan", "proposed_at", "confirmed_at")
        read_only_fields = fields
