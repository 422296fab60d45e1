"""One row of a directory of organisations, read into values."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from apps.accounts.models import OrganisationKind
from apps.core.import_cells import read_choice, read_text
from apps.core.tables import Fields
from apps.taxonomy.models import Vocabulary
from apps.taxonomy.term_index import TermIndex

FIELDS = Fields(
    {
        "name": ("机构名称", "企业名称", "单位名称", "名称", "单位"),
        "credit_code": ("统一社会信用代码", "社会信用代码", "信用代码"),
        "kind": ("机构类型", "单位类型", "类型"),
        "short_name": ("简称",),
        "district": ("所在区市", "区市", "所属区市", "所属区"),
        "tiers": ("企业梯度", "企业资质", "资质"),
        "description": ("简介", "单位简介", "企业简介", "主营业务"),
    },
    required=("name",),
)
TEXTS = ("name", "credit_code", "short_name", "description")


def read_row(row: Mapping[str, Any], terms: TermIndex) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The values of the cells that hold something, and notes on what was left out. ValidationError by field."""
    values: dict[str, Any] = {}
    notes: list[tuple[str, str]] = []
    errors: dict[str, Any] = {}
    for name, raw in row.items():
        if raw in (None, "") or name not in FIELDS.spellings:
            continue
        try:
            if name == "tiers":
                values[name], left_out = terms.read_several(Vocabulary.ENTERPRISE_TIER, raw)
                notes += [(name, note) for note in left_out]
            else:
                values[name] = _value(name, raw, terms)
        except ValidationError as error:
            errors[name] = error.messages
    if errors:
        raise ValidationError(errors)
    return values, notes


def _value(name: str, raw: Any, terms: TermIndex) -> Any:
    match name:
        case "kind":
            return read_choice(OrganisationKind.choices, raw)
        case "district":
            return terms.read_one(Vocabulary.DISTRICT, raw)
        case "credit_code":
            return read_text(raw).upper()
        case _:
            return read_text(raw)
