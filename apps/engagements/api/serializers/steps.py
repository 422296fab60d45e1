"""Shapes of a case's steps."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.accounts.models import User
from apps.engagements.models import EndReason
from apps.engagements.services import Plan


class SeenSerializer(serializers.Serializer[Any]):
    seen = serializers.CharField(
        max_length=40, required=False, default="", help_text=_("读取时的 revision；期间若有变化则返回 409。")
    )


class PlanSerializer(SeenSerializer):
    """Who does what by when; what is not sent is empty afterwards."""

    owner = serializers.EmailField(required=False, allow_null=True, default=None, help_text=_("负责人的邮箱。"))
    next_action = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    due_on = serializers.DateField(required=False, allow_null=True, default=None)

    def validate_owner(self, email: str | None) -> User | None:
        if email is None:
            return None
        found = User.objects.filter(email=email.lower(), is_active=True).first()
        if found is None:
            raise serializers.ValidationError(_("负责人应是对接双方的成员，或本对接的技术经纪人。"))
        return found

    @staticmethod
    def plan(fields: dict[str, Any]) -> Plan:
        return Plan(fields["owner"], fields["next_action"], fields["due_on"])


class EndSerializer(SeenSerializer):
    reason = serializers.ChoiceField(choices=EndReason.choices)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
