"""Elements of a need: what was read from its texts, together with what people decided about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from apps.core.validators import clean_text
from apps.needs.analysis import FoundElement
from apps.needs.models import LONGEST_ELEMENT, ElementField, ElementKind, ElementState, Need

MOST_FOUND = 40
MOST_DECIDED = 80
DECIDED = (ElementState.CONFIRMED, ElementState.REMOVED, ElementState.ADDED)
COUNTED = (ElementState.PROPOSED, ElementState.CONFIRMED, ElementState.ADDED)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ElementValues:
    """One element, as `NeedElement` has it."""

    kind: str
    text: str
    state: str = ElementState.PROPOSED
    field: str = ""
    start: int | None = None
    end: int | None = None
    confidence: float | None = None

    @property
    def key(self) -> Key:
        """The same element in another spelling of spaces and capitals is no other element."""
        return self.kind, " ".join(self.text.split()).casefold()


def need_texts(need: Need) -> dict[str, str]:
    return {name.value: str(getattr(need, name)) for name in ElementField}


def stored_elements(need: Need) -> list[ElementValues]:
    names = ElementValues.__dataclass_fields__
    return [ElementValues(**{name: getattr(row, name) for name in names}) for row in need.elements.all()]


def decisions(elements: Iterable[ElementValues]) -> dict[Key, ElementValues]:
    """What people decided, by key; where they said two things, removing counts."""
    found: dict[Key, ElementValues] = {}
    for element in elements:
        earlier = found.get(element.key)
        if element.state in DECIDED and (earlier is None or earlier.state != ElementState.REMOVED):
            found[element.key] = element
    return dict(list(found.items())[:MOST_DECIDED])


def same_decisions(one: Iterable[ElementValues], other: Iterable[ElementValues]) -> bool:
    return _states(one) == _states(other)


def _states(elements: Iterable[ElementValues]) -> dict[Key, str]:
    return {key: element.state for key, element in decisions(elements).items()}


def merged(
    found: Iterable[FoundElement], decided: Iterable[ElementValues], texts: Mapping[str, str]
) -> list[ElementValues]:
    """What was found with what people said of it, then what they decided and was not found.

    What they confirmed goes when it stands in the text no longer; what they removed is remembered, so that it does not
    come back with the next keystroke; what they added stays.
    """
    left = decisions(decided)
    elements: dict[Key, ElementValues] = {}
    for item in list(found)[:MOST_FOUND]:
        element = _fresh(item)
        decision = left.pop(element.key, None)
        state = decision.state if decision else element.state
        elements.setdefault(element.key, replace(element, state=state))
    for key, decision in left.items():
        element = placed(decision, texts)
        if key not in elements and (element.field or decision.state != ElementState.CONFIRMED):
            elements[key] = element
    return list(elements.values())


def _fresh(item: FoundElement) -> ElementValues:
    return ElementValues(
        kind=item.kind,
        text=item.text[:LONGEST_ELEMENT],
        field=item.field,
        start=item.start,
        end=item.end,
        confidence=min(max(item.confidence, 0.0), 1.0),
    )


def placed(element: ElementValues, texts: Mapping[str, str]) -> ElementValues:
    """Where its words stand in the texts, if they do."""
    for name, text in texts.items():
        start = text.find(element.text)
        if start >= 0:
            return replace(element, field=name, start=start, end=start + len(element.text))
    return replace(element, field="", start=None, end=None)


def typed_element(value: str, state: ElementState) -> ElementValues | None:
    """An element as forms send it, "kind:text"; None where it is none."""
    kind, _, text = value.partition(":")
    text = " ".join(clean_text(text).split())
    if kind not in ElementKind.values or not text or len(text) > LONGEST_ELEMENT:
        return None
    return ElementValues(kind=kind, text=text, state=state)
