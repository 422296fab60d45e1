"""Parts that needs and capabilities have in common in the API: indicators, people, versions."""

import math
from dataclasses import fields
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

MOST_INDICATORS = 30
INDICATOR_FIELDS = ("name", "comparison", "low", "high", "unit")


class IndicatorSerializer(serializers.ModelSerializer[Any]):
    """Subclasses name the model; its own `clean` says which bounds a comparison needs."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if any(bound is not None and not math.isfinite(bound) for bound in (attrs.get("low"), attrs.get("high"))):
            raise serializers.ValidationError({"low": [_("请填写数值。")]})
        row = self.Meta.model(**attrs)
        try:
            row.clean()
        except ValidationError as error:
            raise serializers.ValidationError(serializers.as_serializer_error(error)) from error
        return {name: getattr(row, name) for name in self.Meta.fields}

    class Meta:
        model: Any = None
        fields: tuple[str, ...] = INDICATOR_FIELDS


class PersonSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(read_only=True)
    email = serializers.EmailField(read_only=True)
    phone = serializers.CharField(read_only=True)


class OwnerSerializer(serializers.Serializer[Any]):
    """An organisation beside what it owns; null in its place means that the owner is not disclosed to the reader."""

    id = serializers.CharField(read_only=True, source="public_id")
    name = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)


def attributes(*views: Any) -> dict[str, Any]:
    """The fields of several dataclasses side by side, each as it is: what a serializer then picks from."""
    return {field.name: getattr(view, field.name) for view in views for field in fields(view)}


def version_field() -> serializers.IntegerField:
    """The version that was read before it was changed: a change on top of somebody else's is refused with 409."""
    return serializers.IntegerField(
        min_value=1,
        write_only=True,
        error_messages={"required": _("请带上读取时的 version，以免覆盖他人的修改。")},
        help_text=_("读取时的版本号；期间若被他人修改则返回 409。"),
    )
