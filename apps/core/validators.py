"""Rules for text and files that every door shares."""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# C0 and C1 control characters without tab, newline and carriage return; lone surrogates.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def validate_text(value: str) -> None:
    """Refuse characters that one database cannot store and no page can show."""
    if _FORBIDDEN.search(value):
        raise ValidationError(_("含有无法保存的控制字符，请删除后重试。"), code="control_characters")


def clean_text(value: str) -> str:
    """Drop the characters `validate_text` refuses: for text that a person pasted, or that a file brings."""
    return _FORBIDDEN.sub("", value)


def validate_moment(value: datetime) -> None:
    """Refuse the ends of the calendar: in another time zone they are outside it, and no database keeps them."""
    if not 1900 <= value.year <= 2999:
        raise ValidationError(_("日期不对，请检查年份。"), code="year")
