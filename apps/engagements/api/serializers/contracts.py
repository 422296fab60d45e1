"""Shapes of contracts. Money is in yuan, as a string: never a float."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.api.terms import TermField, TermSerializer
from apps.engagements.models import TERM_NAMES, Contract, FormerTerms, Instalment, Milestone


class InstalmentSerializer(serializers.ModelSerializer[Instalment]):
    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Instalment
        fields = ("id", "planned_on", "planned_yuan", "received_on", "received_yuan")
        read_only_fields = fields


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """`accepted_at` is the moment of the second side's acceptance."""

    id = serializers.CharField(source="public_id", read_only=True)
    accepted_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Milestone
        fields = ("id", "title", "due_on", "need_accepted_at", "capability_accepted_at", "accepted_at")
        read_only_fields = fields


class FormerTermsSerializer(serializers.ModelSerializer[FormerTerms]):
    contract_type = TermSerializer(read_only=True)

    class Meta:
        model = FormerTerms
        fields = ("version", *TERM_NAMES, "reason", "replaced_at")
        read_only_fields = fields


class ContractFileSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id", read_only=True)
    name = serializers.CharField(read_only=True)
    size_bytes = serializers.IntegerField(read_only=True)


class ContractSerializer(serializers.ModelSerializer[Contract]):
    id = serializers.CharField(source="public_id", read_only=True)
    contract_type = TermSerializer(read_only=True)
    revision = serializers.CharField(read_only=True)
    instalments = InstalmentSerializer(many=True, read_only=True)
    milestones = MilestoneSerializer(many=True, read_only=True)
    files = ContractFileSerializer(many=True, read_only=True)
    former_terms = FormerTermsSerializer(many=True, read_only=True)

    class Meta:
        model = Contract
        fields = (
            "id",
            "version",
            *TERM_NAMES,
            "revision",
            "instalments",
            "milestones",
            "files",
            "former_terms",
        )
        read_only_fields = fields


class ContractTermsSerializer(serializers.ModelSerializer[Contract]):
    """What the two sides signed."""

    contract_type = TermField("contract_type", required=True)

    class Meta:
        model = Contract
        fields: tuple[str, ...] = TERM_NAMES
        extra_kwargs: dict[str, dict[str, Any]] = {
            "registration_number": {"validators": []}
        }  # the service answers beside the field


class ContractChangesSerializer(ContractTermsSerializer):
    """The terms that change, and the `revision` that was read."""

    contract_type = TermField("contract_type", required=False, allow_null=False)
    seen = serializers.CharField(max_length=40, required=False, help_text=_("读取时的 revision。"))

    class Meta(ContractTermsSerializer.Meta):
        fields = (*TERM_NAMES, "seen")
        extra_kwargs = {
            **{name: {"required": False} for name in TERM_NAMES if name != "contract_type"},
            "registration_number": {"required": False, "validators": []},
        }


class AmendmentSerializer(ContractChangesSerializer):
    reason = serializers.CharField(max_length=300)

    class Meta(ContractChangesSerializer.Meta):
        fields = (*TERM_NAMES, "seen", "reason")


class InstalmentPlanSerializer(serializers.ModelSerializer[Instalment]):
    class Meta:
        model = Instalment
        fields = ("planned_on", "planned_yuan")


class ReceiptSerializer(serializers.Serializer[Any]):
    received_on = serializers.DateField()
    received_yuan = serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0)


class MilestonePlanSerializer(serializers.ModelSerializer[Milestone]):
    class Meta:
        model = Milestone
        fields = ("title", "due_on")
