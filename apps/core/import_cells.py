"""Reading the cells of imported rows. A cell holds any JSON and is not trusted: ValidationError says what is wrong."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from apps.core.indicators import IndicatorRow
from apps.core.suggestions import indicators_in

MOST_INDICATORS = 30
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))(?:[ T]00:00(?::00)?)?\Z")
_PIECES = re.compile(r"[；;\n]")
_SERIAL_DAY = re.compile(r"[2-7]\d{4}\Z")  # from 1954 to 2119
_DAY_ZERO = date(1899, 12, 30)  # of Excel's calendar, which has a 29 February 1900
# (language in force, choices as it shows them) → label in any language → value.
_by_label: dict[tuple[str | None, tuple[tuple[str, str], ...]], dict[str, str]] = {}
YES = frozenset({"是", "1", "true", "yes"})


def read_text(raw: Any) -> str:
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return f"{raw:g}" if isinstance(raw, float) else str(raw)
    raise ValidationError(_("应为文字。"))


def read_key(row: Mapping[str, Any]) -> str:
    """The external id of a row as it is stored; empty when it has none that can be used."""
    try:
        return read_text(row.get("external_id"))
    except ValidationError:
        return ""


def read_whole_number(raw: Any) -> int:
    try:
        number = float(read_text(raw))
    except ValueError:
        number = math.nan
    if not number.is_integer() or abs(number) > 10_000:
        raise ValidationError(_("应为整数。"))
    return int(number)


def read_choice(choices: list[tuple[str, Any]], raw: Any) -> str:
    """By value or by its label in any language of the platform: a template offers them in that of its reader."""
    text = read_text(raw)
    for value, label in choices:
        if text in (value, str(label)):
            return value
    shown = tuple((value, str(label)) for value, label in choices)
    key = (get_language(), shown)
    if key not in _by_label:
        _by_label[key] = {known: value for value, label in choices for known in labels_of(label)}
    if (found := _by_label[key].get(text)) is not None:
        return found
    raise ValidationError(_("没有“%(value)s”这个选项。") % {"value": text[:60]})


def labels_of(label: Any) -> tuple[str, ...]:
    """What a lazy text says in each language of the platform, the main one first."""
    found: dict[str, None] = {}
    for code, _name in sorted(settings.LANGUAGES, key=lambda pair: pair[0] != settings.LANGUAGE_CODE):
        with override(code):
            found[str(label)] = None
    return tuple(found)


def read_day(raw: Any) -> date:
    """Also 2026/12/31, 2026.12.31, 2026年12月31日, 20261231, and 46387: the same day as Excel numbers it."""
    if isinstance(raw, date):
        return raw
    text = read_text(raw)
    try:
        if _SERIAL_DAY.match(text):
            return _DAY_ZERO + timedelta(days=int(text))
        found = parse_date("-".join(filter(None, parts.groups())) if (parts := _DAY.match(text)) else text)
    except ValueError:
        found = None
    if found is None:
        raise ValidationError(_("日期应写成 2026-12-31 的样子。"))
    return found


def read_flag(raw: Any) -> bool:
    return raw is True or (raw is not False and read_text(raw).casefold() in YES)


def read_indicators[Values](
    raw: Any, model: type[IndicatorRow], values: Callable[..., Values], names: tuple[str, ...], *, owner: str
) -> list[Values]:
    """A list of objects, each checked as a row of `model` would be; `names` are the columns that are read.

    A text is read as people write in a cell: “盐雾≥500 h；硬度 60±2 HRC”.
    """
    if isinstance(raw, str):
        raw = [idea for piece in _PIECES.split(read_text(raw)) if piece.strip() for idea in _ideas(piece, owner)]
    if not isinstance(raw, list) or len(raw) > MOST_INDICATORS:
        raise ValidationError(_("技术指标应为列表，最多 %(most)d 项。") % {"most": MOST_INDICATORS})
    return [_indicator(item, model, values, names, owner) for item in raw]


def _ideas(piece: str, owner: str) -> list[dict[str, Any]]:
    found = indicators_in(piece, side="need" if owner == "need" else "capability")
    if not found:
        told = _("没有看懂“%(text)s”，请写成“盐雾 ≥500 h；硬度 60±2 HRC”的样子。") % {"text": piece.strip()[:40]}
        raise ValidationError(told)
    return [asdict(idea) for idea in found]


def _indicator[Values](
    raw: Any, model: type[IndicatorRow], values: Callable[..., Values], names: tuple[str, ...], owner: str
) -> Values:
    if not isinstance(raw, Mapping):
        raise ValidationError(_("每项技术指标应写明名称、要求和数值。"))
    given = {name: raw[name] for name in names if raw.get(name) is not None}
    row = model(**given)
    row.clean_fields(exclude=[owner])  # first: `clean` relies on a known comparison
    if any(bound is not None and not math.isfinite(bound) for bound in (row.low, row.high)):
        raise ValidationError(_("技术指标的数值无效。"))
    row.clean()
    return values(**{name: getattr(row, name) for name in names})
