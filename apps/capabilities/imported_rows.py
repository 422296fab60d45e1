"""One row of an import file, read into a capability's values. Nothing is taken on trust: a row holds any JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.capabilities.content import TEXTS, IndicatorValues
from apps.capabilities.kinds import clean_details, detail_fields
from apps.capabilities.models import MOST_TAGS, CapabilityIndicator, CapabilityKind
from apps.core.import_cells import read_choice, read_day, read_flag, read_indicators, read_text, read_whole_number
from apps.core.row_imports import ReadRow
from apps.taxonomy.models import Vocabulary
from apps.taxonomy.term_index import TermIndex

TERM_LISTS = {
    "industries": Vocabulary.INDUSTRY_CHAIN,
    "tech_fields": Vocabulary.TECH_FIELD,
    "tags": Vocabulary.TAG,
    "cooperation_modes": Vocabulary.COOPERATION_MODE,
}
DETAIL_PREFIX = "details."
INDICATOR_FIELDS = tuple(IndicatorValues.__dataclass_fields__)


@dataclass(slots=True)
class ImportedRow(ReadRow[IndicatorValues]):
    """What a row says of a capability."""

    adds_details: bool = False  # to those that are stored; otherwise the details are all there are


type FieldsOf = Callable[[str], Mapping[str, forms.Field]]
"""The form fields of a kind's details (`kinds.detail_fields`), which whoever reads many rows keeps."""


def read_row(
    row: Mapping[str, Any], terms: TermIndex, known_kinds: Mapping[str, str], fields_of: FieldsOf = detail_fields
) -> ImportedRow:
    """Read the fields known here and leave the others alone. ValidationError by field for those that cannot be used.

    Lists may be JSON lists or separated by commas; unknown names in them are noted and left out. An empty cell empties
    a text and says nothing of other fields. Details are one object, or a cell each (`details.price`) as people write
    them, which are added to what is stored. `known_kinds` tells by external id what the stored ones are: a row without
    a kind keeps it, a new one is a result.
    """
    read = ImportedRow()
    errors: dict[str, Any] = {}
    for name in ("external_id", *TEXTS, *_READERS, *TERM_LISTS, "indicators"):
        if row.get(name) is None:
            continue
        try:
            _take(read, name, row[name], terms)
        except ValidationError as error:
            errors[name] = error.messages
    if not read.external_id:
        errors.setdefault("external_id", [_("缺少编号（external_id）：再次导入时靠它识别同一项资源。")])
    kind = read.values.get("kind") or known_kinds.get(read.external_id, CapabilityKind.RESULT)
    if row.get("details") not in (None, ""):
        errors |= _take_details(read, kind, row["details"])
    elif cells := {name: raw for name, raw in row.items() if name.startswith(DETAIL_PREFIX) and raw not in (None, "")}:
        errors |= _take_detail_cells(read, kind, cells, terms, fields_of(kind))
    if errors:
        raise ValidationError(errors)
    return read


def _take(read: ImportedRow, name: str, raw: Any, terms: TermIndex) -> None:
    """Put what one field says into `read`."""
    if name == "external_id":
        read.external_id = read_text(raw)
    elif name in TEXTS:
        read.values[name] = read_text(raw)
    elif raw == "":
        return
    elif name == "indicators":
        read.indicators = read_indicators(
            raw, CapabilityIndicator, IndicatorValues, INDICATOR_FIELDS, owner="capability"
        )
    elif name in TERM_LISTS:
        most = MOST_TAGS if name == "tags" else None
        read.values[name], left_out = terms.read_several(TERM_LISTS[name], raw, most=most)
        read.notes += [(name, note) for note in left_out]
    else:
        read.values[name] = _READERS[name](raw, terms)


def _take_details(
    read: ImportedRow, kind: str, raw: Any, fields: Mapping[str, forms.Field] | None = None
) -> dict[str, Any]:
    """Put the details into `read`; what is wrong with them, by key."""
    if not isinstance(raw, Mapping):
        return {"details": [_("应为对象，键见填写说明。")]}
    try:
        read.values["details"] = clean_details(kind, {str(key): value for key, value in raw.items()}, fields=fields)
    except ValidationError as error:
        return error.message_dict
    return {}


def _take_detail_cells(
    read: ImportedRow, kind: str, cells: Mapping[str, Any], terms: TermIndex, fields: Mapping[str, forms.Field]
) -> dict[str, Any]:
    """Put details that are written in cells into `read`; what is wrong with them, by the cell's name."""
    raw: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for name, cell in cells.items():
        key = name.removeprefix(DETAIL_PREFIX)
        try:
            raw[key] = _detail_value(fields[key], cell, terms) if key in fields else cell
        except ValidationError as error:
            errors[name] = error.messages
    found = _take_details(read, kind, raw, fields) if not errors else {}
    read.adds_details = True
    return errors | {f"{DETAIL_PREFIX}{key}": messages for key, messages in found.items()}


def _detail_value(form_field: forms.Field, cell: Any, terms: TermIndex) -> Any:
    """What a form would send for what a person wrote: codes for labels, yes for 是."""
    if isinstance(form_field, forms.MultipleChoiceField):
        found, _unknown = terms.read_several(Vocabulary.COOPERATION_MODE, cell)
        return [term.code for term in found]
    if isinstance(form_field, forms.ChoiceField):
        return read_choice([(str(code), label) for code, label in form_field.choices], cell)  # type: ignore[misc,union-attr]  # flat choices
    return read_flag(cell) if isinstance(form_field, forms.BooleanField) else read_text(cell)


_READERS: dict[str, Callable[[Any, TermIndex], Any]] = {
    "kind": lambda raw, _terms: read_choice(CapabilityKind.choices, raw),
    "trl": lambda raw, _terms: read_whole_number(raw),
    "valid_until": lambda raw, _terms: read_day(raw),
    "disclosure": lambda raw, _terms: read_choice(Disclosure.choices, raw),
    "district": lambda raw, terms: terms.read_one(Vocabulary.DISTRICT, raw),
}
