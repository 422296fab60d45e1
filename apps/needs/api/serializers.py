"""Shapes of needs. What is read comes from `selectors`' cards and views, which carry no owner that is not disclosed."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.accounts.models import User
from apps.accounts.selectors import Viewer, organisation_of
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
from apps.core.validators import validate_text
from apps.needs.models import Need, NeedIndicator
from apps.needs.selectors import need_view


class NeedIndicatorSerializer(IndicatorSerializer):
    class Meta(IndicatorSerializer.Meta):
        model = NeedIndicator
        fields = (*INDICATOR_FIELDS, "current", "is_hard")


class NeedCardSerializer(serializers.Serializer[Any]):
    """A need in a list."""

    id = serializers.CharField(source="public_id", read_only=True)
    title = serializers.CharField(read_only=True)
    excerpt = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(read_only=True)
    need_type = TermSerializer(read_only=True, allow_null=True)
    industry_chain = TermSerializer(read_only=True, allow_null=True)
    district = TermSerializer(read_only=True, allow_null=True)
    tags = TermSerializer(many=True, read_only=True)
    cooperation_modes = TermSerializer(many=True, read_only=True)
    budget = serializers.CharField(read_only=True)
    owner = OwnerSerializer(read_only=True, allow_null=True, help_text=_("匿名时为 null"))
    is_own = serializers.BooleanField(read_only=True)
    nda_required = serializers.BooleanField(read_only=True)
    published_at = serializers.DateTimeField(read_only=True, allow_null=True)
    confirmed_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text=_("需求单位最近一次确认它仍然有效：发布、续期或重新打开")
    )
    valid_until = serializers.DateField(read_only=True)


class NeedPrivateSerializer(serializers.Serializer[Any]):
    """For its own organisation and the platform's staff."""

    contact = PersonSerializer(read_only=True, allow_null=True)
    budget_wan = serializers.CharField(read_only=True)
    return_reason = serializers.CharField(read_only=True)
    organisation_is_verified = serializers.BooleanField(read_only=True)


class ElementSerializer(serializers.Serializer[Any]):
    """One part of the need; `start` and `end` count characters of the text named `field`."""

    kind = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    field = serializers.CharField(read_only=True, help_text=_("出处；由人补充的为空"))
    start = serializers.IntegerField(read_only=True, allow_null=True)
    end = serializers.IntegerField(read_only=True, allow_null=True)
    confidence = serializers.FloatField(read_only=True, allow_null=True, help_text=_("0 到 1；由人补充的为 null"))


class GapSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    points = serializers.IntegerField(read_only=True)
    text = serializers.CharField(read_only=True)


class ClaritySerializer(serializers.Serializer[Any]):
    score = serializers.IntegerField(read_only=True, help_text=_("0 到 100"))
    gaps = GapSerializer(many=True, read_only=True)


class NeedReadingSerializer(serializers.Serializer[Any]):
    """What was read from the text."""

    elements = ElementSerializer(many=True, read_only=True)
    clarity = ClaritySerializer(read_only=True, allow_null=True, help_text=_("尚未分析时为 null"))


class NeedSerializer(NeedCardSerializer):
    """A need as a whole."""

    version = serializers.IntegerField(read_only=True)
    background = serializers.CharField(read_only=True)
    goal = serializers.CharField(read_only=True)
    indicators = NeedIndicatorSerializer(many=True, read_only=True)
    tech_fields = TermSerializer(many=True, read_only=True)
    expected_months = serializers.IntegerField(read_only=True, allow_null=True)
    trl_now = serializers.IntegerField(read_only=True, allow_null=True)
    trl_target = serializers.IntegerField(read_only=True, allow_null=True)
    tried = serializers.CharField(read_only=True)
    unwanted = serializers.CharField(read_only=True)
    partner_requirements = serializers.CharField(read_only=True)
    partner_region = serializers.CharField(read_only=True)
    ip_terms = TermSerializer(read_only=True, allow_null=True)
    budget_band = serializers.CharField(read_only=True)
    disclosure = serializers.CharField(read_only=True)
    first_replied_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text=_("供给方或技术经纪人首次答复的时间；尚无答复时为 null")
    )
    private = NeedPrivateSerializer(read_only=True, allow_null=True)
    reading = NeedReadingSerializer(
        read_only=True, allow_null=True, help_text=_("需求要素与清晰度；只对需求单位和平台工作人员")
    )


def shown_need(need: Need, viewer: Viewer) -> dict[str, Any]:
    """A need as one person may see it, with the codes behind the labels of its view."""
    view = need_view(need, viewer)
    codes = {"version": need.version, "budget_band": need.budget_band, "disclosure": need.disclosure}
    return attributes(view.card, view) | codes | {"first_replied_at": need.first_replied_at}


class NeedContentSerializer(serializers.ModelSerializer[Need]):
    """What a need says, as it is written. A draft may say little: `publish` tells what is missing."""

    need_type = TermField("need_type", required=False)
    industry_chain = TermField("industry_chain", required=False)
    ip_terms = TermField("ip_terms", required=False)
    tech_fields = TermsField("tech_field", required=False)
    tags = TermsField("tag", required=False)
    cooperation_modes = TermsField("cooperation_mode", required=False)
    # many=True makes a ListSerializer, which takes max_length; the stubs look at the row's serializer.
    indicators = NeedIndicatorSerializer(many=True, required=False, max_length=MOST_INDICATORS)  # type: ignore[call-arg]
    contact = serializers.EmailField(required=False, help_text=_("联系人邮箱，须是本单位成员"))

    class Meta:
        model = Need
        fields = (
            "title",
            "need_type",
            "background",
            "goal",
            "industry_chain",
            "tech_fields",
            "tags",
            "cooperation_modes",
            "indicators",
            "budget_band",
            "budget_wan",
            "valid_until",
            "expected_months",
            "trl_now",
            "trl_target",
            "tried",
            "unwanted",
            "partner_requirements",
            "partner_region",
            "ip_terms",
            "disclosure",
            "nda_required",
            "contact",
        )
        # The shortest length counts when it is published, as on the form.
        extra_kwargs: dict[str, dict[str, Any]] = {
            name: {"validators": [validate_text]} for name in ("background", "goal")
        }

    def validate_contact(self, email: str) -> User:
        organisation = organisation_of(self.context["request"].user)
        colleague = organisation.members.filter(email=email.lower()).first() if organisation else None
        if colleague is None:
            raise serializers.ValidationError(_("联系人须是本单位的成员。"))
        return colleague


class NewNeedSerializer(NeedContentSerializer):
    form_key = serializers.UUIDField(
        required=False, help_text=_("由调用方生成；同一 form_key 重复提交只会产生一份草稿。")
    )

    class Meta(NeedContentSerializer.Meta):
        fields = (*NeedContentSerializer.Meta.fields, "form_key")  # type: ignore[assignment]  # a longer tuple


class NeedChangesSerializer(NeedContentSerializer):
    version = version_field()

    class Meta(NeedContentSerializer.Meta):
        fields = (*NeedContentSerializer.Meta.fields, "version")  # type: ignore[assignment]  # a longer tuple
        extra_kwargs = {**NeedContentSerializer.Meta.extra_kwargs, "title": {"required": False}}
