"""Shapes of notifications and of what a person chose."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.models import PUBLIC_ID_LENGTH
from apps.notifications.links import open_url
from apps.notifications.models import Notification
from apps.notifications.models.preferences import LANGUAGE_CHOICES
from apps.notifications.topics import TOPICS, Frequency

TOPIC_CHOICES = [(topic.code, topic.name) for topic in TOPICS]


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """In the language of the request. `url` leads to the page of the event, and marks it as read."""

    id = serializers.CharField(source="public_id", read_only=True)
    topic_label = serializers.CharField(source="topic_row.label", read_only=True)
    title = serializers.CharField(source="text.title", read_only=True)
    line = serializers.CharField(source="text.line", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = ("id", "topic", "topic_label", "kind", "title", "line", "url", "is_by_name", "told_at", "read_at")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, row: Notification) -> str:
        return open_url(row)


class ReadAllSerializer(serializers.Serializer[Any]):
    until = serializers.CharField(
        max_length=PUBLIC_ID_LENGTH,
        required=False,
        help_text=_("读到的最新一条通知的编号；此后收到的仍为未读。不填则全部标为已读。"),
    )


class ReadCountSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(read_only=True)


class TopicChoiceSerializer(serializers.Serializer[Any]):
    """What holds for one topic."""

    topic = serializers.ChoiceField(choices=TOPIC_CHOICES)
    name = serializers.CharField(read_only=True)
    site = serializers.BooleanField(required=False, help_text=_("站内显示"))
    email = serializers.ChoiceField(choices=Frequency.choices, required=False)


@extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "example": "21:30"})
class HourAndMinuteField(serializers.TimeField):
    """Without seconds, which nobody sets; they may be sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", **options)


class PreferencesSerializer(serializers.Serializer[Any]):
    """Topics that are not sent stay as they are. Equal times: no quiet hours."""

    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, required=False)
    quiet_from = HourAndMinuteField(required=False)
    quiet_until = HourAndMinuteField(required=False)
    topics = TopicChoiceSerializer(many=True, required=False, max_length=len(TOPICS))  # type: ignore[call-arg]  # for lists

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(_("请至少填写一项要修改的设置。"))
        return attrs
