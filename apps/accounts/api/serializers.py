"""Shapes of organisations and of signing in."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.accounts.models import Organisation
from apps.core.api.terms import TermField, TermSerializer, TermsField


class AnswersSerializer(serializers.Serializer[Any]):
    percent = serializers.IntegerField(read_only=True, help_text=_("答复率，0 到 100"))
    median_hours = serializers.FloatField(read_only=True, allow_null=True, help_text=_("答复用时的中位数，小时"))


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """What everybody may read of a verified organisation."""

    id = serializers.CharField(source="public_id", read_only=True)
    district = TermSerializer(read_only=True, allow_null=True)
    answers = AnswersSerializer(
        read_only=True, allow_null=True, help_text=_("最近 12 个月的答复情况；不足 3 次时为 null")
    )

    class Meta:
        model = Organisation
        fields = ("id", "name", "short_name", "kind", "district", "answers")
        read_only_fields = fields


class OwnOrganisationSerializer(OrganisationSerializer):
    """What its own people read besides."""

    tiers = TermSerializer(many=True, read_only=True)

    class Meta(OrganisationSerializer.Meta):
        fields = (  # type: ignore[assignment]  # a longer tuple
            *OrganisationSerializer.Meta.fields,
            "credit_code",
            "tiers",
            "description",
            "state",
            "rejection_reason",
            "verified_at",
            "revision",
        )
        read_only_fields = fields  # type: ignore[assignment]  # the stubs want lists


class OrganisationRegistrationSerializer(serializers.ModelSerializer[Organisation]):
    """What is verified, and the district."""

    district = TermField("district", required=False)

    class Meta:
        model = Organisation
        fields = ("kind", "name", "credit_code", "district")
        extra_kwargs = {
            "name": {"validators": []},
            "credit_code": {"required": True, "allow_null": False, "validators": []},
        }


class OrganisationChangesSerializer(serializers.ModelSerializer[Organisation]):
    """What its owner may change; kind, name and code not once they are verified."""

    district = TermField("district", required=False)
    tiers = TermsField("enterprise_tier", required=False)
    revision = serializers.IntegerField(min_value=1, help_text=_("读取时的 revision；其间有人改过则返回 409。"))

    class Meta:
        model = Organisation
        fields = ("kind", "name", "short_name", "credit_code", "district", "tiers", "description", "revision")
        # Uniqueness is asked by the service, with its own sentences, where it locks the row.
        extra_kwargs = {
            "kind": {"required": False},
            "name": {"required": False, "validators": []},
            "credit_code": {"validators": []},
        }


class SignInSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(
        read_only=True, help_text=_("之后的请求带上 Authorization: Token <token>；重新获取会使旧的失效。")
    )
