"""Elements and clarity of what stands on the form: read while somebody types, or as they were stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.needs.analysis import assess_clarity, find_elements
from apps.needs.clarity import said, said_by
from apps.needs.elements import COUNTED, ElementValues, merged, stored_elements
from apps.needs.models import Need
from apps.needs.reading import ClarityPanel, ElementGroup, clarity_panel, element_groups
from apps.needs.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Reading:
    """What the form shows beside its fields. `clarity` is None where nobody can tell it."""

    groups: Sequence[ElementGroup] = ()
    clarity: ClarityPanel | None = None


def reading_of(sheet: Sheet) -> Reading:
    """Reads what was typed, storable or not; a form as it was stored is not read again."""
    if sheet.form.is_bound:
        return _read(sheet)
    return stored_reading(sheet.need) if sheet.need else Reading(clarity=_clarity({}, (), (), ()))


def stored_reading(need: Need) -> Reading:
    elements = stored_elements(need)
    clarity = assess_clarity(said_by(need, _counted(elements)))
    return Reading(element_groups(elements), clarity_panel(clarity))


def _read(sheet: Sheet) -> Reading:
    sheet.form.is_valid()
    texts, values = sheet.texts, sheet.values
    elements = merged(find_elements(texts), sheet.elements or (), texts)
    tags = [*values.get("tags", ()), *values.get("tech_fields", ())]
    clarity = _clarity(values | texts, sheet.indicators or (), _counted(elements), tags)
    return Reading(element_groups(elements), clarity)


def _clarity(values: dict[str, Any], indicators: Any, elements: Any, tags: Any) -> ClarityPanel | None:
    return clarity_panel(assess_clarity(said(values, indicators, elements, tags)))


def _counted(elements: list[ElementValues]) -> list[ElementValues]:
    return [element for element in elements if element.state in COUNTED]
