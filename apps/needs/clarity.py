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

PLACES = {
    INDICATORS: INDICATORS,
    "tags": "tag-words",
    "current": "id_background",
    "detail": "id_background",
    "means": "id_background",
    "constraint": "id_unwanted",
    "tried": "id_tried",
    "budget": "id_budget_band",
    "expected_months": "id_expected_months",
}
"""Where on the form a gap is closed, by its code: ids of the page. What is not here belongs to the goal."""


def anchor_of(code: str) -> str:
    """The id of the part of the form where a gap is closed."""
    return PLACES.get(code, "id_goal")


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
        filled=filled | {"budget": has_budget, "current": any(getattr(row, "current", "") for row in indicators)},
    )
