"""Shapes of capabilities. What is read comes from `selectors`' cards and views, which hide owners not disclosed."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.models import User
from apps.accounts.selectors import Viewer, organisation_of
from apps.capabilities.kinds import DETAILS
from apps.capabilities.models import Capability, CapabilityIndicator
from apps.capabilities.selectors import capability_view
from apps.core.api.contents import (
    INDICATOR_FIELDS,
    MOST_INDICATORS,
    IndicatorSerializer,
    OwnerSerializer,
    PersonSerializer,
    attributes,
    version_field,
)
from apps.core.api.terms import TermField, TermSerializer, TermsField

MOST_DETAILS = 30
_KEY = re.compile(r"[a-z_]{1,40}")


@extend_schema_field({"type": "object", "additionalProperties": True})
class DetailsField(serializers.Field[Any, Any, Any, Any]):
    """What only one kind has: an object whose keys and rules are `capabilities.kinds`', checked by the service."""

    default_error_messages = {"object": _("应为对象，键为该类别的字段，值为文字、是否或文字列表。")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict) or len(data) > MOST_DETAILS:
            self.fail("object")
        if not all(_KEY.fullmatch(key) and _is_plain(value) for key, value in data.items()):
            self.fail("object")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= MOST_DETAILS and all(isinstance(item, str) for item in value)
    return value is None or isinstance(value, str | bool)


class CapabilityIndicatorSerializer(IndicatorSerializer):
    class Meta(IndicatorSerializer.Meta):
        model = CapabilityIndicator
        fields = INDICATOR_FIELDS


class CapabilityCardSerializer(serializers.Serializer[Any]):
    """A capability in a list."""

    id = serializers.CharField(source="public_id", read_only=True)
    kind = serializers.CharField(read_only=True)
    kind_label = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    value = serializers.CharField(read_only=True)
    excerpt = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(read_only=True)
    industries = TermSerializer(many=True, read_only=True)
    district = TermSerializer(read_only=True, allow_null=True)
    tags = TermSerializer(many=True, read_only=True)
    cooperation_modes = TermSerializer(many=True, read_only=True)
    trl = serializers.IntegerField(read_only=True, allow_null=True)
    owner = OwnerSerializer(read_only=True, allow_null=True, help_text=_("匿名时为 null"))
    is_own = serializers.BooleanField(read_only=True)
    published_at = serializers.DateTimeField(read_only=True, allow_null=True)
    confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    valid_until = serializers.DateField(read_only=True)


class CapabilityPrivateSerializer(serializers.Serializer[Any]):
    """For its own organisation and the platform's staff."""

    contact = PersonSerializer(read_only=True, allow_null=True)
    return_reason = serializers.CharField(read_only=True)
    organisation_is_verified = serializers.BooleanField(read_only=True)


class CapabilitySerializer(CapabilityCardSerializer):
    """A capability as a whole."""

    version = serializers.IntegerField(read_only=True)
    description = serializers.CharField(read_only=True)
    indicators = CapabilityIndicatorSerializer(many=True, read_only=True)
    tech_fields = TermSerializer(many=True, read_only=True)
    details = DetailsField(read_only=True)
    disclosure = serializers.CharField(read_only=True)
    private = CapabilityPrivateSerializer(read_only=True, allow_null=True)


def shown_capability(capability: Capability, viewer: Viewer) -> dict[str, Any]:
    """A capability as one person may see it, with the values behind the words of its view."""
    view = capability_view(capability, viewer)
    hidden = {detail.key for detail in DETAILS[capability.kind] if detail.names_owner and view.card.owner is None}
    details = {key: value for key, value in capability.details.items() if key not in hidden}
    codes = {"version": capability.version, "disclosure": capability.disclosure, "details": details}
    return attributes(view.card, view) | codes


class CapabilityContentSerializer(serializers.ModelSerializer[Capability]):
    """What a capability says, as it is written. A draft may say little: `publish` tells what is missing."""

    industries = TermsField("industry_chain", required=False)
    tech_fields = TermsField("tech_field", required=False)
    tags = TermsField("tag", required=False)
    cooperation_modes = TermsField("cooperation_mode", required=False)
    district = TermField("district", required=False)
    details = DetailsField(required=False)
    # many=True makes a ListSerializer, which takes max_length; the stubs look at the row's serializer.
    indicators = CapabilityIndicatorSerializer(many=True, required=False, max_length=MOST_INDICATORS)  # type: ignore[call-arg]
    contact = serializers.EmailField(required=False, help_text=_("联系人邮箱，须是本单位成员"))

    class Meta:
        model = Capability
        fields = (
            "kind",
            "title",
            "value",
            "description",
            "industries",
            "tech_fields",
            "tags",
            "cooperation_modes",
            "district",
            "trl",
            "details",
            "indicators",
            "disclosure",
            "valid_until",
            "contact",
        )

    def validate_contact(self, email: str) -> User:
        organisation = organisation_of(self.context["request"].user)
        colleague = organisation.members.filter(email=email.lower()).first() if organisation else None
        if colleague is None:
            raise serializers.ValidationError(_("联系人须是本单位的成员。"))
        return colleague


class NewCapabilitySerializer(CapabilityContentSerializer):
    form_key = serializers.UUIDField(
        required=False, help_text=_("由调用方生成；同一 form_key 重复提交只会产生一份草稿。")
    )

    class Meta(CapabilityContentSerializer.Meta):
        fields = (*CapabilityContentSerializer.Meta.fields, "form_key")  # type: ignore[assignment]  # a longer tuple


class CapabilityChangesSerializer(CapabilityContentSerializer):
    version = version_field()

    class Meta(CapabilityContentSerializer.Meta):
        fields = (*CapabilityContentSerializer.Meta.fields, "version")  # type: ignore[assignment]  # a longer tuple
        extra_kwargs = {"kind": {"required": False}, "title": {"required": False}}
