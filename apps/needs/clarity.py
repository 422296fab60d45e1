"""What counts for a need's clarity, stored or still on the form; and where on the form a gap is closed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apps.core import content
from apps.needs.analysis import Said
from apps.needs.content import COLUMNS, INDICATORS, indicator_values
from apps.needs.elements import ElementValues
from apps.needs.models import BudgetBand, ElementField, Need
from apps.taxonomy.models import Term

OPTIONAL = ("expected_months", "tried", "unwanted", "partner_requirements", "trl_now", "trl_target")
"""Fields that make a need clearer without being asked for."""

FIELD_OF_GAP = {"indicators": INDICATORS, "budget": "budget_band"}
"""The field of the form where a gap is closed, by the gap's code, where the code is not the field's name."""


def anchor_of(code: str) -> str:
    """The id of the part of the form where a gap is closed."""
    name = FIELD_OF_GAP.get(code, code)
    return name if name == INDICATORS else f"id_{name}"


def said_by(need: Need, elements: Iterable[ElementValues]) -> Said:
    """A stored need's texts, rows and fields, with those of its elements that count."""
    values = {name: getattr(need, name) for name in COLUMNS}
    return said(values, indicator_values(need), elements, [*need.tags.all(), *need.tech_fields.all()])


def said(
    values: Mapping[str, Any],
    indicators: Sequence[content.IndicatorValues],
    elements: Iterable[ElementValues],
    tags: Iterable[Term],
) -> Said:
    """The same for values by field name, as a form has them."""
    is_banded = values.get("budget_band", "") not in ("", BudgetBand.NEGOTIABLE)
    has_budget = is_banded or values.get("budget_wan") is not None
    filled = {name: values.get(name) not in (None, "") for name in OPTIONAL}
    return Said(
        texts={name: str(values.get(name) or "") for name in ElementField.values},
        indicators=tuple(indicators),
        elements=tuple((element.kind, element.text) for element in elements),
        tags=tuple(term.code for term in tags),
        filled=filled | {"budget": has_budget},
    )
