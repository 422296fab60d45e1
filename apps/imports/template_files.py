"""Workbooks to fill in: headings, an example, lists to choose from, and a page that explains the columns."""

from collections.abc import Iterable
from typing import IO, Any

from django import forms
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import OrganisationKind
from apps.capabilities.imported_rows import DETAIL_PREFIX
from apps.capabilities.kinds import DETAILS
from apps.core.tables import Fields
from apps.imports.doors import ORGANISATION, field_label
from apps.imports.models import ImportKind
from apps.imports.staging import EXAMPLE
from apps.needs.models import BudgetBand
from apps.taxonomy.models import Vocabulary
from apps.taxonomy.selectors import terms

ROWS_WITH_LISTS = 5_000
INDICATORS = "盐雾≥500 h；硬度 60±2 HRC"
_HEAD = PatternFill("solid", fgColor="DCE6F5")
_ONE_TERM = {
    "district": Vocabulary.DISTRICT,
    "need_type": Vocabulary.NEED_TYPE,
    "industry_chain": Vocabulary.INDUSTRY_CHAIN,
    "ip_terms": Vocabulary.IP_TERMS,
}
_SEVERAL_TERMS = {
    "industries": Vocabulary.INDUSTRY_CHAIN,
    "tech_fields": Vocabulary.TECH_FIELD,
    "cooperation_modes": Vocabulary.COOPERATION_MODE,
    "tags": Vocabulary.TAG,
    "tiers": Vocabulary.ENTERPRISE_TIER,
    f"{DETAIL_PREFIX}transfer_modes": Vocabulary.COOPERATION_MODE,
}
CHOICES_SHEET = "options"
"""Of a template, hidden: what its cells offer to choose from."""
_DAY_FIELDS = ("valid_until",)
_WHOLE_NUMBERS = ("trl", "trl_now", "trl_target", "expected_months")


def write_template(target: IO[bytes], kind: str, fields: Fields) -> None:
    """The workbook for a kind of import, its choices as the vocabularies have them now."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("填写")
    options: Any = book.create_sheet(CHOICES_SHEET)
    options.sheet_state = "hidden"
    names = list(fields.spellings)
    for number, name in enumerate(names, start=1):
        star = "★ " if name in fields.required else ""
        cell = sheet.cell(1, number, f"{star}{field_label(fields, name)}")
        cell.font, cell.fill = Font(bold=True), _HEAD
        sheet.cell(2, number, _example(kind, name)).font = Font(italic=True, color="808080")
        sheet.column_dimensions[get_column_letter(number)].width = 18
        if found := _choices(kind, name):
            _offer(sheet, options, number, found)
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet(_("填写说明")), kind, fields)
    book.save(target)


def _offer(sheet: Any, options: Any, column: int, found: list[str]) -> None:
    """A list to choose from in every cell of the column."""
    letter = get_column_letter(column)
    for row, text in enumerate(found, start=1):
        options.cell(row, column, text)
    rule = DataValidation(type="list", formula1=f"{CHOICES_SHEET}!${letter}$1:${letter}${len(found)}", allow_blank=True)
    rule.error, rule.errorTitle = _("请从下拉列表中选择。"), _("没有这个选项")
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{ROWS_WITH_LISTS}")


def _explain(sheet: Any, kind: str, fields: Fields) -> None:
    lines = [
        (_("列"), _("是否必填"), _("怎样填写")),
        *(
            (field_label(fields, name), _("必填") if name in fields.required else "", _advice(kind, name))
            for name in fields.spellings
        ),
    ]
    notes = [
        _("示例行（编号或名称为“%(example)s”）导入时会略过，可以保留，也可以删除。") % {"example": EXAMPLE},
        _("列的顺序可以改变，不需要的列可以删除，也可以增加平台不用的列。"),
        _("同一编号再次导入会更新原来的那一条，不会重复。"),
    ]
    for row, cells in enumerate(lines, start=1):
        for column, text in enumerate(cells, start=1):
            cell = sheet.cell(row, column, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if row == 1:
                cell.font, cell.fill = Font(bold=True), _HEAD
    for row, text in enumerate(notes, start=len(lines) + 2):
        sheet.cell(row, 1, text)
    for letter, width in (("A", 24), ("B", 10), ("C", 80)):
        sheet.column_dimensions[letter].width = width


def _choices(kind: str, name: str) -> list[str]:
    """What a cell may hold, where it holds one thing of a known few."""
    if name in _ONE_TERM:
        return [str(term) for term in terms(_ONE_TERM[name])]
    labels: dict[str, Iterable[tuple[Any, Any]]] = {
        "disclosure": Disclosure.choices,
        "budget_band": BudgetBand.choices,
        "kind": OrganisationKind.choices if kind == ImportKind.ORGANISATIONS else (),
    }
    if name in labels:
        return [str(label) for _value, label in labels[name]]
    if name == "nda_required" or isinstance(field := _detail_field(kind, name), forms.BooleanField):
        return [_("是"), _("否")]
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
        return [str(label) for value, label in field.choices if value]  # type: ignore[misc,union-attr]  # flat choices
    return []


def _detail_field(kind: str, name: str) -> forms.Field | None:
    key = name.removeprefix(DETAIL_PREFIX)
    found = next((detail for detail in DETAILS.get(kind, ()) if name != key and detail.key == key), None)
    return found.form_field() if found else None


def _advice(kind: str, name: str) -> str:
    if name in _SEVERAL_TERMS:
        found = "、".join(str(term) for term in list(terms(_SEVERAL_TERMS[name]))[:60])
        return _("可填多项，用顿号隔开。例如：%(names)s") % {"names": found}
    known = {
        "external_id": _("贵单位自己的编号，每一行都不同。再次导入时靠它识别同一条。"),
        "title": _("最多 60 个字。"),
        "indicators": _("名称、要求、数值和单位，多项用分号隔开。例如：%(example)s") % {"example": INDICATORS},
        ORGANISATION: _("已在平台登记并通过核验的机构全称，或统一社会信用代码。"),
        **dict.fromkeys(_DAY_FIELDS, _("日期，例如 2027-12-31。")),
        **dict.fromkeys(_WHOLE_NUMBERS, _("整数。")),
    }
    return known.get(name) or (_("从下拉列表中选择。") if _choices(kind, name) else "")


def _example(kind: str, name: str) -> str:
    if name in ("external_id", "name") and (name == "external_id" or kind == ImportKind.ORGANISATIONS):
        return EXAMPLE
    if name == "title":
        return _("轧辊表面激光熔覆耐磨涂层")
    if name in _SEVERAL_TERMS:
        return "、".join(str(term) for term in list(terms(_SEVERAL_TERMS[name]))[:2])
    known = {"indicators": INDICATORS, **dict.fromkeys(_DAY_FIELDS, "2027-12-31"), **dict.fromkeys(_WHOLE_NUMBERS, "6")}
    return known.get(name) or next(iter(_choices(kind, name)), "")
