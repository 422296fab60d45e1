"""Elements and clarity of a need: the engine behind the form and the pages of needs."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from apps.core.content import IndicatorValues
from apps.engine.clarity import ClarityGap, ClarityInput, assess_clarity
from apps.engine.documents import Indicator
from apps.engine.elements import KINDS, MOST_OF_A_KIND, Element, find_elements
from apps.matching.documents import engine_segmenter, engine_taxonomy
from apps.matching.suggestions import READING
from apps.needs.analysis import Clarity, FoundElement, Gap, Said

TITLE = "title"


class EngineAnalyst:
    """Shares its dictionary, and the wait for it, with `EngineSuggester`."""

    def elements(self, texts: Mapping[str, str]) -> list[FoundElement]:
        """Of all texts together, the surest of each kind, in the order they stand."""
        with READING:
            taxonomy, segmenter = engine_taxonomy(), engine_segmenter()
            found = [
                FoundElement(e.kind, e.text, name, e.start, e.end, e.confidence)
                for name, text in texts.items()
                for e in find_elements(text, taxonomy, segmenter, is_title=name == TITLE)
            ]
        kept = {id(element) for kind in KINDS for element in _surest(found, kind)}
        return [element for element in found if id(element) in kept]

    def clarity(self, said: Said) -> Clarity:
        assessed = assess_clarity(
            ClarityInput(
                title=said.texts.get(TITLE, ""),
                background=said.texts.get("background", ""),
                goal=said.texts.get("goal", ""),
                indicators=[_indicator(row) for row in said.indicators],
                elements=[Element(kind, text, 0, len(text), 1.0) for kind, text in said.elements],  # type: ignore[arg-type]  # ElementKind's values
                tags=said.tags,
                filled=said.filled,
            )
        )
        return Clarity(assessed.score, tuple(_gap(gap) for gap in assessed.gaps))


def _surest(found: list[FoundElement], kind: str) -> list[FoundElement]:
    """One of each text, of the title before the others, and no more than a person likes to look through."""
    once = {element.text: element for element in reversed(found) if element.kind == kind}
    return sorted(once.values(), key=lambda element: -element.confidence)[: MOST_OF_A_KIND[kind]]  # type: ignore[index]  # literals


def _indicator(row: IndicatorValues) -> Indicator:
    return Indicator(name=row.name, low=row.low, high=row.high, unit=row.unit)


def _gap(gap: ClarityGap) -> Gap:
    """The panel shows the points by themselves, and speaks the reader's language."""
    return Gap(gap.code, gap.points, _(gap.text.replace(f"，预计可提高 {gap.points} 分。", "。")))
