"""One row of an import file, read into a need's values. Nothing is taken on trust: a row holds any JSON."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.core.import_cells import (
    read_choice,
    read_day,
    read_flag,
    read_indicators,
    read_text,
    read_whole_number,
)
from apps.core.row_imports import ReadRow
from apps.needs.content import TEXTS, IndicatorValues
from apps.needs.models import MOST_TAGS, BudgetBand, NeedIndicator
from apps.taxonomy.models import Vocabulary
from apps.taxonomy.term_index import TermIndex

TERM_LISTS = {
    "tags": Vocabulary.TAG,
    "tech_fields": Vocabulary.TECH_FIELD,
    "cooperation_modes": Vocabulary.COOPERATION_MODE,
}
INDICATOR_FIELDS = tuple(IndicatorValues.__dataclass_fields__)


type ImportedRow = ReadRow[IndicatorValues]


def read_row(row: Mapping[str, Any], terms: TermIndex) -> ImportedRow:
    """Read the fields known here and leave the others alone. ValidationError by field for those that cannot be used.

    `description` is the goal where there is no `goal`. Tags and other lists may be JSON lists or separated by commas;
    unknown names in them are noted and left out. An empty cell empties a text and says nothing of other fields.
    """
    read: ImportedRow = ReadRow()
    errors: dict[str, Any] = {}
    for name in (*TEXTS, "description", "external_id", *_READERS, *TERM_LISTS, "indicators"):
        if row.get(name) is None:
            continue
        try:
            _take(read, name, row[name], terms)
        except ValidationError as error:
            errors[name] = error.messages
    if not read.external_id:
        errors.setdefault("external_id", [_("缺少编号（external_id）：再次导入时靠它识别同一条需求。")])
    if errors:
        raise ValidationError(errors)
    description = read.values.pop("description", "")
    if description and not read.values.get("goal"):
        read.values["goal"] = description
    return read


def _take(read: ImportedRow, name: str, raw: Any, terms: TermIndex) -> None:
    """Put what one field says into `read`."""
    if name == "external_id":
        read.external_id = read_text(raw)
    elif name in (*TEXTS, "description"):
        read.values[name] = read_text(raw)
    elif raw == "":
        return
    elif name == "indicators":
        read.indicators = read_indicators(raw, NeedIndicator, IndicatorValues, INDICATOR_FIELDS, owner="need")
    elif name in TERM_LISTS:
        most = MOST_TAGS if name == "tags" else None
        read.values[name], left_out = terms.read_several(TERM_LISTS[name], raw, most=most)
        read.notes += [(name, note) for note in left_out]
    else:
        read.values[name] = _READERS[name](raw, terms)


_READERS: dict[str, Callable[[Any, TermIndex], Any]] = {
    "expected_months": lambda raw, _terms: read_whole_number(raw),
    "trl_now": lambda raw, _terms: read_whole_number(raw),
    "trl_target": lambda raw, _terms: read_whole_number(raw),
    "valid_until": lambda raw, _terms: read_day(raw),
    "nda_required": lambda raw, _terms: read_flag(raw),
    "budget_band": lambda raw, _terms: read_choice(BudgetBand.choices, raw),
    "disclosure": lambda raw, _terms: read_choice(Disclosure.choices, raw),
    "need_type": lambda raw, terms: terms.read_one(Vocabulary.NEED_TYPE, raw),
    "industry_chain": lambda raw, terms: terms.read_one(Vocabulary.INDUSTRY_CHAIN, raw),
    "ip_terms": lambda raw, terms: terms.read_one(Vocabulary.IP_TERMS, raw),
}
