"""Shapes of messages and meetings."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.engagements.models import LONGEST_MESSAGE, Asked, Meeting, Message


class MessageFileSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id", read_only=True)
    name = serializers.CharField(read_only=True)
    size_bytes = serializers.IntegerField(read_only=True)


class MessageSerializer(serializers.ModelSerializer[Message]):
    """`voice`: for whom the author spoke; `asked`: of a broker's message, who is to answer."""

    id = serializers.CharField(source="public_id", read_only=True)
    author = serializers.CharField(source="author.name", read_only=True)
    files = MessageFileSerializer(many=True, read_only=True)

    class Meta:
        model = Message
        fields = ("id", "author", "voice", "asked", "text", "sent_at", "files")
        read_only_fields = fields


class MessageTextSerializer(serializers.Serializer[Any]):
    """The same `form_key` sent twice makes one message. `asked` is for the case's broker; both sides by default."""

    text = serializers.CharField(max_length=LONGEST_MESSAGE)
    asked = serializers.ChoiceField(choices=Asked.choices, required=False)
    form_key = serializers.UUIDField(required=False, default=None, allow_null=True)


class MeetingSerializer(serializers.ModelSerializer[Meeting]):
    id = serializers.CharField(source="public_id", read_only=True)
    planned_by = serializers.CharField(source="planned_by.name", read_only=True)
    revision = serializers.CharField(read_only=True)

    class Meta:
        model = Meeting
        fields = ("id", "title", "starts_at", "ends_at", "place", "agenda", "planned_by", "cancelled_at", "revision")
        read_only_fields = fields


class MeetingPlanSerializer(serializers.ModelSerializer[Meeting]):
    class Meta:
        model = Meeting
        fields: tuple[str, ...] = ("title", "starts_at", "ends_at", "place", "agenda")


class MeetingChangesSerializer(MeetingPlanSerializer):
    """What changes, and the `revision` that was read."""

    seen = serializers.CharField(
        max_length=40, required=False, help_text=_("读取时的 revision；期间若有变化则返回 409。")
    )

    class Meta(MeetingPlanSerializer.Meta):
        fields = (*MeetingPlanSerializer.Meta.fields, "seen")
        extra_kwargs = {name: {"required": False} for name in MeetingPlanSerializer.Meta.fields}
