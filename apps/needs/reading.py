"""What was read from a need, as pages show it: chips of elements, marks in the texts, and the clarity panel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from apps.core.suggestions import sure_percent
from apps.needs.analysis import Clarity, Gap
from apps.needs.clarity import anchor_of
from apps.needs.elements import COUNTED, ElementValues
from apps.needs.models import ElementKind, ElementState

SHOWN_GAPS = 3
CLEAR, FAIR = 75, 45
"""Points from which a need reads as clear, and as fair."""


@dataclass(frozen=True, slots=True)
class ElementChip:
    """One element on a page; `value` is what the form sends for it."""

    kind: str
    text: str
    state: str
    percent: int | None

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.text}"

    @property
    def dom_id(self) -> str:
        """The same for the same element, so that focus stays where it is when the list is written anew."""
        return f"{self.kind}-{crc32(self.text.encode()):08x}"

    @property
    def is_removed(self) -> bool:
        return self.state == ElementState.REMOVED

    @property
    def is_confirmed(self) -> bool:
        return self.state == ElementState.CONFIRMED

    @property
    def is_added(self) -> bool:
        return self.state == ElementState.ADDED


@dataclass(frozen=True, slots=True)
class ElementGroup:
    kind: str
    label: str
    chips: tuple[ElementChip, ...]


def element_groups(elements: Iterable[ElementValues], *, states: Sequence[str] = ()) -> list[ElementGroup]:
    """The elements by kind, those removed last; with `states`, only elements in one of these."""
    chips = [_chip(element) for element in elements if not states or element.state in states]
    chips.sort(key=lambda chip: chip.is_removed)
    groups = [ElementGroup(kind.value, str(kind.label), _of(chips, kind)) for kind in ElementKind]
    return [group for group in groups if group.chips]


def _of(chips: Iterable[ElementChip], kind: str) -> tuple[ElementChip, ...]:
    return tuple(chip for chip in chips if chip.kind == kind)


def _chip(element: ElementValues) -> ElementChip:
    percent = None if element.confidence is None else sure_percent(element.confidence)
    return ElementChip(element.kind, element.text, element.state, percent)


@dataclass(frozen=True, slots=True)
class GapLine:
    """One gap; `anchor` is the id of the form's field that closes it."""

    text: str
    points: int
    anchor: str


@dataclass(frozen=True, slots=True)
class ClarityPanel:
    """The best gains, and the others, which a page folds away."""

    score: int
    gaps: tuple[GapLine, ...]
    others: tuple[GapLine, ...]

    @property
    def tone(self) -> str:
        return "good" if self.score >= CLEAR else "moving" if self.score >= FAIR else "waiting"

    @property
    def is_clear(self) -> bool:
        return self.score >= CLEAR


def clarity_panel(clarity: Clarity | None) -> ClarityPanel | None:
    if clarity is None:
        return None
    lines = tuple(_line(gap) for gap in clarity.gaps)
    return ClarityPanel(clarity.score, lines[:SHOWN_GAPS], lines[SHOWN_GAPS:])


def _line(gap: Gap) -> GapLine:
    return GapLine(gap.text, gap.points, anchor_of(gap.code))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text; `kind` and `label` are empty where no element stands."""

    text: str
    kind: str = ""
    label: str = ""


def marked_text(text: str, name: str, elements: Iterable[ElementValues]) -> list[Stretch]:
    """The text named `name`, cut at its elements; where two overlap, the one that begins first counts, or is longer."""
    spans = sorted(
        (element.start, -(element.end or 0), element.kind)
        for element in elements
        if element.field == name and element.start is not None and element.state in COUNTED
    )
    stretches, at = [], 0
    for start, negative_end, kind in spans:
        if start < at or -negative_end > len(text):
            continue
        stretches += [Stretch(text[at:start]), Stretch(text[start:-negative_end], kind, str(ElementKind(kind).label))]
        at = -negative_end
    return [stretch for stretch in (*stretches, Stretch(text[at:])) if stretch.text]
