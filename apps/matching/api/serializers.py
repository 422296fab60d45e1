"""Shapes of proposals, read from `ProposalView`: what it does not show to a person, no program of theirs gets."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.api.terms import TermField
from apps.core.validators import validate_text
from apps.matching.models import Side


class ShownOwnerSerializer(serializers.Serializer[Any]):
    """An owner's name, or words that tell nothing where it is not disclosed."""

    name = serializers.CharField(read_only=True)
    is_named = serializers.BooleanField(read_only=True)


class ScorePartSerializer(serializers.Serializer[Any]):
    """`fit_percent` × `weight_percent` gives `points`; a part with nothing to compare is not counted."""

    name = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # a field of that name, not the option
    is_counted = serializers.BooleanField(read_only=True)
    fit_percent = serializers.IntegerField(read_only=True)
    weight_percent = serializers.IntegerField(read_only=True)
    points = serializers.FloatField(read_only=True)


class ReasonSerializer(serializers.Serializer[Any]):
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # a field of that name, not the option
    terms = serializers.ListField(child=serializers.CharField(), read_only=True)
    text = serializers.CharField(read_only=True)


class IndicatorVerdictSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=("met", "missed", "unknown"), read_only=True)
    name = serializers.CharField(read_only=True)
    asked = serializers.CharField(read_only=True)
    offered = serializers.CharField(read_only=True)
    finding = serializers.CharField(read_only=True)
    is_hard = serializers.BooleanField(read_only=True)
    was_read = serializers.BooleanField(read_only=True, help_text=_("资源的数值写在介绍里，没有填在指标里"))


class ContactSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(read_only=True)
    organisation = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    phone = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)


class NamedRowSerializer(serializers.Serializer[Any]):
    """A need or a capability inside a proposal; its own endpoint tells the rest."""

    id = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    owner = ShownOwnerSerializer(read_only=True)


class SimilarProposalSerializer(serializers.Serializer[Any]):
    """A proposal with a near-duplicate of the listed capability, folded under it."""

    id = serializers.CharField(source="public_id", read_only=True)
    score = serializers.FloatField(read_only=True)
    capability = serializers.SerializerMethodField()

    @extend_schema_field(NamedRowSerializer)
    def get_capability(self, view: Any) -> Any:
        return _capability(view)


class CountdownSerializer(serializers.Serializer[Any]):
    """Who is waited for and until when; the text is that of the pages (“还有 2 个工作日”)."""

    waits_for = serializers.ChoiceField(choices=Side.choices, read_only=True)
    is_ours = serializers.BooleanField(read_only=True)
    asked_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True)
    text = serializers.CharField(read_only=True)


class BidSerializer(serializers.Serializer[Any]):
    """A bid that stands. Without a price it is to be negotiated."""

    plan = serializers.CharField(read_only=True)
    price_wan = serializers.DecimalField(max_digits=10, decimal_places=2, read_only=True, allow_null=True)
    months = serializers.IntegerField(read_only=True)
    placed_at = serializers.DateTimeField(read_only=True)


class AnswerFiguresSerializer(serializers.Serializer[Any]):
    """How the other side's organisation answered over twelve months; null where it was asked fewer than three times."""

    percent = serializers.IntegerField(read_only=True, allow_null=True)
    median_hours = serializers.FloatField(read_only=True, allow_null=True)


class ProposalCardSerializer(serializers.Serializer[Any]):
    """A proposal in a list. `side` is the reader's own: need, capability, or null."""

    id = serializers.CharField(source="public_id", read_only=True)
    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(read_only=True)
    side = serializers.CharField(read_only=True, allow_null=True)
    score = serializers.FloatField(read_only=True)
    need = serializers.SerializerMethodField()
    capability = serializers.SerializerMethodField()
    is_our_turn = serializers.BooleanField(read_only=True)
    countdown = CountdownSerializer(
        read_only=True, allow_null=True, help_text=_("等谁答复、何时到期；无人待答复时为 null")
    )
    bid = BidSerializer(read_only=True, allow_null=True, help_text=_("揭榜方案；没有揭榜时为 null"))
    answer_figures = AnswerFiguresSerializer(
        read_only=True, allow_null=True, help_text=_("对方单位的答复率和答复用时；对方匿名时为 null")
    )
    similar = SimilarProposalSerializer(
        many=True, read_only=True, help_text=_("内容相近、并在这一条之下的推荐；各有自己的编号，可单独答复")
    )

    @extend_schema_field(NamedRowSerializer)
    def get_need(self, view: Any) -> Any:
        row = {"id": view.need_public_id, "title": view.need_title, "owner": view.need_owner}
        return NamedRowSerializer(row).data

    @extend_schema_field(NamedRowSerializer)
    def get_capability(self, view: Any) -> Any:
        return _capability(view)


class ProposalSerializer(ProposalCardSerializer):
    """A proposal as a whole, with why it was made; contacts once both sides accepted."""

    for_need = serializers.CharField(read_only=True, help_text=_("对需求方说的一句推荐理由"))
    for_capability = serializers.CharField(read_only=True, help_text=_("对供给方说的一句推荐理由"))
    parts = ScorePartSerializer(many=True, read_only=True)
    reasons = ReasonSerializer(source="grounds", many=True, read_only=True)
    indicators = IndicatorVerdictSerializer(many=True, read_only=True)
    notes = serializers.ListField(child=serializers.CharField(), read_only=True, help_text=_("得分之外影响名次的原因"))
    decline_reason = serializers.CharField(read_only=True)
    decline_note = serializers.CharField(read_only=True)
    contacts = ContactSerializer(many=True, read_only=True)
    may_accept = serializers.BooleanField(source="may_accept.allowed", read_only=True)
    may_decline = serializers.BooleanField(source="may_decline.allowed", read_only=True)
    may_withdraw = serializers.BooleanField(source="may_withdraw.allowed", read_only=True)
    engagement = serializers.CharField(
        source="engagement.public_id",
        default=None,
        allow_null=True,
        read_only=True,
        help_text=_("双方接受后开启的对接"),
    )


def _capability(view: Any) -> Any:
    row = {"id": view.capability_public_id, "title": view.capability_title, "owner": view.capability_owner}
    return NamedRowSerializer(row).data


class DeclineSerializer(serializers.Serializer[Any]):
    reason = TermField("decline_reason", required=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, validators=[validate_text])
