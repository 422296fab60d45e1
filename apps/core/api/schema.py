"""How operations are described to those who call them: by their summaries, not by what the code says to its readers."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import ChoiceField

_ANY_FIELD = {"type": "object", "additionalProperties": {}}
_REFUSED = {
    "description": _("没有办理：原因在 detail 里；填写有误时，在各字段名下。"),
    "content": {"application/json": {"schema": _ANY_FIELD}},
}


def _may_be_blank(field: Any) -> bool:
    """Its column may."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    columns = {column.name: column for column in model._meta.fields} if model else {}
    column = columns.get(field.source)
    return bool(column and column.blank)


class PlatformSchema(AutoSchema):
    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        return ""

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:  # noqa: FBT001, FBT002  (as drf-spectacular has it)
        if isinstance(field, ChoiceField) and field.read_only and _may_be_blank(field):
            field.allow_blank = True  # which REST framework forgets of what is only read
        return super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]  # its own

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        """Whoever asks wrongly, without a right or too late is told so in one shape (`core.api.exceptions`)."""
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        return bodies | {"4XX": _REFUSED}
