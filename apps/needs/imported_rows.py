"""One row of an import file, read into a need's values. Nothing is taken on trust: a row holds any JSON."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.needs.content import TEXTS, IndicatorValues
from apps.needs.models import MOST_TAGS, BudgetBand, NeedIndicator
from apps.taxonomy.models import Alias, Term, Vocabulary

TERM_LISTS = {
    "tags": Vocabulary.TAG,
    "tech_fields": Vocabulary.TECH_FIELD,
    "cooperation_modes": Vocabulary.COOPERATION_MODE,
}
INDICATOR_FIELDS = tuple(IndicatorValues.__dataclass_fields__)
MOST_INDICATORS = 30
_BETWEEN_NAMES = re.compile(r"[,,、;;|\n]+")


@dataclass(slots=True)
class ImportedRow:
    """What a row says: the fields that it has and no others. `notes` tell what was left out of it."""

    external_id: str
    values: dict[str, Any] = field(default_factory=dict)
    indicators: list[IndicatorValues] | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)


class TermIndex:
    """Terms in use by code, name or alias, in one reading of the vocabularies."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Term] = {}
        active = Term.objects.filter(is_active=True)
        for alias in Alias.objects.filter(term__in=active).select_related("term"):
            self._found[alias.term.vocabulary, alias.text.casefold()] = alias.term
        for term in active:
            for name in (term.name_en, term.name, term.code):
                self._found[term.vocabulary, name.casefold()] = term

    def find(self, vocabulary: Vocabulary, name: str) -> Term | None:
        return self._found.get((vocabulary.value, name.strip().casefold()))


def read_row(row: Mapping[str, Any], terms: TermIndex) -> ImportedRow:
    """Read the fields known here and leave the others alone. ValidationError by field for those that cannot be used.

    `description` is the goal where there is no `goal`. Tags and other lists may be JSON lists or separated by commas;
    unknown names in them are noted and left out. An empty cell empties a text and says nothing of other fields.
    """
    read = ImportedRow(external_id="")
    errors: dict[str, Any] = {}
    for name in (*TEXTS, "description", "external_id", *_READERS, *TERM_LISTS, "indicators"):
        if row.get(name) is None:
            continue
        try:
            _take(read, name, row[name], terms)
        except ValidationError as error:
            errors[name] = error.messages
    if not read.external_id:
        errors.setdefault("external_id", [_("缺少编号(external_id):再次导入时靠它识别同一条需求。")])
    if errors:
        raise ValidationError(errors)
    description = read.values.pop("description", "")
    if description and not read.values.get("goal"):
        read.values["goal"] = description
    return read


def _take(read: ImportedRow, name: str, raw: Any, terms: TermIndex) -> None:
    """Put what one field says into `read`."""
    if name == "external_id":
        read.external_id = _text(raw)
    elif name in (*TEXTS, "description"):
        read.values[name] = _text(raw)
    elif raw == "":
        return
    elif name == "indicators":
        read.indicators = _indicators(raw)
    elif name in TERM_LISTS:
        read.values[name] = _known_terms(terms, name, raw, read.notes)
    else:
        read.values[name] = _READERS[name](raw, terms)


def _text(raw: Any) -> str:
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return f"{raw:g}" if isinstance(raw, float) else str(raw)
    raise ValidationError(_("应为文字。"))


def _whole_number(raw: Any) -> int:
    try:
        number = float(_text(raw))
    except ValueError:
        number = math.nan
    if not number.is_integer() or abs(number) > 10_000:
        raise ValidationError(_("应为整数。"))
    return int(number)


def _choice(choices: list[tuple[str, Any]], text: str) -> str:
    """By value or by its Chinese label."""
    for value, label in choices:
        if text in (value, str(label)):
            return value
    raise ValidationError(_("没有“%(value)s”这个选项。") % {"value": text[:60]})


def _term(terms: TermIndex, vocabulary: Vocabulary, text: str) -> Term:
    found = terms.find(vocabulary, text)
    if found is None:
        raise ValidationError(_("词表中没有“%(value)s”。") % {"value": text[:60]})
    return found


def _day(raw: Any) -> date:
    if isinstance(raw, date):
        return raw
    try:
        found = parse_date(_text(raw))
    except ValueError:
        found = None
    if found is None:
        raise ValidationError(_("日期应写成 2026-12-31 的样子。"))
    return found


def _flag(raw: Any) -> bool:
    return raw is True or (raw is not False and _text(raw).casefold() in {"是", "1", "true", "yes"})


def _known_terms(terms: TermIndex, name: str, raw: Any, notes: list[tuple[str, str]]) -> list[Term]:
    if not isinstance(raw, str | list):
        raise ValidationError(_("应为文字或列表。"))
    names = [_text(item) for item in raw] if isinstance(raw, list) else _BETWEEN_NAMES.split(raw)
    found: dict[int, Term] = {}
    for text in filter(None, (item.strip() for item in names)):
        term = terms.find(TERM_LISTS[name], text)
        if term is None:
            notes.append((name, str(_("词表中没有“%(value)s”,已略过。") % {"value": text[:60]})))
        else:
            found[term.pk] = term
    if name == "tags" and len(found) > MOST_TAGS:
        notes.append((name, str(_("标签多于 %(most)d 个,只取前 %(most)d 个。") % {"most": MOST_TAGS})))
        return list(found.values())[:MOST_TAGS]
    return list(found.values())


def _indicators(raw: Any) -> list[IndicatorValues]:
    if not isinstance(raw, list) or len(raw) > MOST_INDICATORS:
        raise ValidationError(_("技术指标应为列表,最多 %(most)d 项。") % {"most": MOST_INDICATORS})
    return [_indicator(item) for item in raw]


def _indicator(raw: Any) -> IndicatorValues:
    if not isinstance(raw, Mapping):
        raise ValidationError(_("每项技术指标应写明名称、要求和数值。"))
    given = {name: raw[name] for name in INDICATOR_FIELDS if raw.get(name) is not None}
    row = NeedIndicator(**given)
    row.clean_fields(exclude=["need"])
    if not all(math.isfinite(bound) for bound in (row.low, row.high) if bound is not None):
        raise ValidationError(_("技术指标的数值无效。"))
    row.clean()
    return IndicatorValues(**{name: getattr(row, name) for name in INDICATOR_FIELDS})


_READERS: dict[str, Callable[[Any, TermIndex], Any]] = {
    "expected_months": lambda raw, _terms: _whole_number(raw),
    "trl_now": lambda raw, _terms: _whole_number(raw),
    "trl_target": lambda raw, _terms: _whole_number(raw),
    "valid_until": lambda raw, _terms: _day(raw),
    "nda_required": lambda raw, _terms: _flag(raw),
    "budget_band": lambda raw, _terms: _choice(BudgetBand.choices, _text(raw)),
    "disclosure": lambda raw, _terms: _choice(Disclosure.choices, _text(raw)),
    "need_type": lambda raw, terms: _term(terms, Vocabulary.NEED_TYPE, _text(raw)),
    "industry_chain": lambda raw, terms: _term(terms, Vocabulary.INDUSTRY_CHAIN, _text(raw)),
    "ip_terms": lambda raw, terms: _term(terms, Vocabulary.IP_TERMS, _text(raw)),
}
