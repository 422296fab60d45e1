"""Shapes of saved searches."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.validators import validate_text
from apps.searches.lists import LONGEST_VALUE, list_of, searchable_lists
from apps.searches.models import LONGEST_NAME, SavedSearch

MOST_VALUES = 20


class SearchSerializer(serializers.ModelSerializer[SavedSearch]):
    id = serializers.CharField(source="public_id", read_only=True)
    list = serializers.CharField(source="list_key", read_only=True)
    params = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = SavedSearch
        fields = (
            "id",
            "list",
            "name",
            "params",
            "summary",
            "is_paused",
            "created_at",
            "found_at",
            "found_count",
            "invalid_since",
        )
        read_only_fields = fields


class NewSearchSerializer(serializers.Serializer[Any]):
    list = serializers.CharField(max_length=40, help_text=_("列表代码，如 needs.board"))
    params = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST_VALUE, validators=[validate_text]),
        help_text=_('该列表页面的筛选参数，如 {"chain": "…"}'),
    )
    name = serializers.CharField(
        max_length=LONGEST_NAME, required=False, validators=[validate_text], help_text=_("不填则用筛选条件命名")
    )

    def validate_list(self, key: str) -> str:
        if list_of(key) is None:
            offered = "、".join(source.key for source in searchable_lists())
            raise serializers.ValidationError(_("没有这个列表。可选：%(offered)s") % {"offered": offered})
        return key

    def validate_params(self, params: dict[str, str]) -> dict[str, str]:
        if len(params) > MOST_VALUES:
            raise serializers.ValidationError(_("筛选参数过多。"))
        return params


class ChangesSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=LONGEST_NAME, required=False, validators=[validate_text])
    is_paused = serializers.BooleanField(required=False)
