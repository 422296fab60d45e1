"""JSON bodies that cannot hurt: nesting that exhausts the stack and text that no page can show are a 400, not a 500."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 32
"""Lists and objects inside each other; our own bodies have four."""


class BoundedJSONParser(JSONParser):
    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            body = super().parse(stream, media_type, parser_context)
            # Half of a surrogate pair can be neither stored nor echoed in an error message.
            json.dumps(body, ensure_ascii=False).encode()
            _require_shallow(body)
        except RecursionError:
            raise ParseError(_("请求内容嵌套过深。")) from None
        except UnicodeEncodeError:
            raise ParseError(_("请求内容含有不完整的字符。")) from None
        except ParseError:
            raise ParseError(_("请求内容不是正确的 JSON。")) from None
        return body


def _require_shallow(body: Any) -> None:
    """RecursionError for what lies deeper than any form of ours, whether a serializer would look there or not."""
    level = [body]
    for _depth in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, (list, dict))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise RecursionError
