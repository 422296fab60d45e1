"""Shapes of questionnaires and stories."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.api.terms import TermSerializer
from apps.followups.models import TEXTS, Answer, Questionnaire, Story
from apps.followups.services.answering import TOLD


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    """Money is in yuan. `revision` names what was read, for whoever corrects it."""

    revision = serializers.CharField(read_only=True)

    class Meta:
        model = Answer
        fields = (*TOLD, "answered_at", "revision")
        read_only_fields = fields


class QuestionnaireSerializer(serializers.ModelSerializer[Questionnaire]):
    id = serializers.CharField(source="public_id", read_only=True)
    engagement = serializers.CharField(source="engagement.public_id", read_only=True)
    need_title = serializers.CharField(source="engagement.proposal.need.title", read_only=True)
    is_open = serializers.BooleanField(read_only=True)
    answer = AnswerSerializer(read_only=True, default=None, allow_null=True)

    class Meta:
        model = Questionnaire
        fields = (
            "id",
            "engagement",
            "need_title",
            "side",
            "months",
            "due_on",
            "opened_at",
            "closes_at",
            "is_open",
            "answer",
        )
        read_only_fields = fields


class AnswerColumnsSerializer(serializers.ModelSerializer[Answer]):
    """The answer of a side as a whole; to correct one, with the `revision` that was read."""

    seen = serializers.CharField(
        max_length=40, required=False, help_text=_("修改时带上读取到的 revision；期间若被同事修改则返回 409。")
    )

    class Meta:
        model = Answer
        fields = (*TOLD, "seen")


class StoryCardSerializer(serializers.Serializer[Any]):
    """A story as its page shows it: sides by their words. Who is not named is nowhere in it."""

    id = serializers.CharField(source="public_id", read_only=True)
    state = serializers.CharField(source="story.state", read_only=True)
    title = serializers.CharField(source="story.title", read_only=True)
    summary = serializers.CharField(source="story.summary", read_only=True)
    outcome_type = TermSerializer(read_only=True)
    industry_chain = TermSerializer(source="chain", read_only=True, allow_null=True)
    district = TermSerializer(read_only=True, allow_null=True)
    need_side = serializers.CharField(read_only=True)
    capability_side = serializers.CharField(read_only=True)
    published_at = serializers.DateTimeField(source="story.published_at", read_only=True, allow_null=True)


class StorySerializer(StoryCardSerializer):
    """`version` names the text: an agreement is to exactly this one. `revision` changes with every step besides."""

    version = serializers.IntegerField(source="story.version", read_only=True)
    revision = serializers.CharField(source="story.revision", read_only=True)
    problem = serializers.CharField(source="story.problem", read_only=True)
    approach = serializers.CharField(source="story.approach", read_only=True)
    result = serializers.CharField(source="story.result", read_only=True)
    indicator_name = serializers.CharField(source="story.indicator_name", read_only=True)
    indicator_unit = serializers.CharField(source="story.indicator_unit", read_only=True)
    before_value = serializers.CharField(source="story.before_value", read_only=True)
    after_value = serializers.CharField(source="story.after_value", read_only=True)
    quote = serializers.CharField(source="story.quote", read_only=True)
    quote_by = serializers.CharField(source="story.quote_by", read_only=True)


class StoryDraftSerializer(serializers.ModelSerializer[Story]):
    """`outcome`: the confirmed outcome that the story is about. `shows_own_name` speaks for one's own side."""

    outcome = serializers.CharField(max_length=12)
    shows_own_name = serializers.BooleanField(required=False, default=False)

    class Meta:
        model = Story
        fields: tuple[str, ...] = ("outcome", *TEXTS, "shows_own_name")


class StoryChangesSerializer(serializers.ModelSerializer[Story]):
    """The texts that change, and the `version` that was read."""

    version = serializers.IntegerField(min_value=1, max_value=2_000_000_000)
    shows_own_name = serializers.BooleanField(required=False)

    class Meta:
        model = Story
        fields = ("version", *TEXTS, "shows_own_name")
        extra_kwargs = {name: {"required": False} for name in TEXTS}


class StoryVersionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        min_value=1, max_value=2_000_000_000, help_text=_("读取时的 version；期间若有修改则返回 409。")
    )


class StoryReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(allow_blank=True, required=False, default="", max_length=1000)
    seen = serializers.CharField(max_length=40, help_text=_("读取时的 revision；期间若有变化则返回 409。"))
