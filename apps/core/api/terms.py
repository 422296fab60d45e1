"""Terms of the vocabularies in the API: written as codes, read with their names."""

import re
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

MOST_TERMS = 30
_CODE = re.compile(r"[-\w]{1,60}", re.ASCII)


class TermSerializer(serializers.Serializer[Any]):
    """A term as it is read. The name is in the reader's language."""

    code = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True, source="__str__")


@extend_schema_field({"type": "array", "items": {"type": "string"}, "maxItems": MOST_TERMS})
class TermsField(serializers.Field[Any, Any, Any, Any]):
    """Several terms of a vocabulary, by code; only those that may still be chosen."""

    default_error_messages = {
        "list": _("应为代码的列表，最多 %(most)d 个。") % {"most": MOST_TERMS},
        "unknown": _("词表中没有“{code}”。"),
        "code": _("应为词表中的代码。"),
    }

    def __init__(self, vocabulary: str, **options: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list) or len(data) > MOST_TERMS:
            self.fail("list")
        return self.terms(data)

    def terms(self, codes: list[Any]) -> list[Any]:
        if not all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes):
            self.fail("code")
        model = apps.get_model("taxonomy", "Term")  # a string, as in models: the vocabularies lie above this app
        terms = {
            term.code: term
            for term in model._default_manager.filter(vocabulary=self.vocabulary, is_active=True, code__in=codes)
        }
        for code in codes:
            if code not in terms:
                self.fail("unknown", code=code)
        return list(terms.values())


@extend_schema_field(OpenApiTypes.STR)
class TermField(TermsField):
    """One term of a vocabulary, by code; empty or null for none, where that is allowed."""

    def __init__(self, vocabulary: str, **options: Any) -> None:
        super().__init__(vocabulary, **{"allow_null": not options.get("required", False), **options})

    def to_internal_value(self, data: Any) -> Any:
        if data == "" and self.allow_null:
            return None
        return self.terms([data])[0]
