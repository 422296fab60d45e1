"""Tags and indicators proposed from a text, for the forms of needs and capabilities.

The matching app, above them, knows how, and registers its suggester here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

type Side = Literal["need", "capability"]


@dataclass(frozen=True, slots=True)
class TagIdea:
    """A term found in the text: its code and name, and how sure the suggester is, 0 to 1."""

    code: str
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class IndicatorIdea:
    """An indicator read from the text; `source_text` is the passage it was read from."""

    name: str
    comparison: str
    low: float | None
    high: float | None
    unit: str
    is_hard: bool
    source_text: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    tags: list[TagIdea]
    indicators: list[IndicatorIdea]


class Suggester(Protocol):
    def suggest(self, text: str, *, side: Side = "need") -> Suggestions:
        """Ideas for a text of any length, in the time between two keystrokes."""


SUREST_PERCENT = 99
"""What a model proposes is never said to be certain: that is the person's to say."""
_registered: list[Suggester] = []
_readers: list[Callable[[str, Side], list[IndicatorIdea]]] = []


def sure_percent(confidence: float) -> int:
    """How sure the suggester is, 0 to 1, as people read it: whole percent, at most 99."""
    return min(SUREST_PERCENT, round(100 * confidence))


def register(suggester: Suggester) -> None:
    """Use this suggester from now on, in place of any other."""
    _registered[:] = [suggester]


def register_reader(reader: Callable[[str, Side], list[IndicatorIdea]]) -> None:
    """Who reads indicators alone, which stand in the text itself: for the cells of files."""
    _readers[:] = [reader]


def indicators_in(text: str, *, side: Side = "need") -> list[IndicatorIdea]:
    """The indicators that a text tells, in its order; nothing where nobody registered who reads them."""
    return _readers[0](text, side) if _readers and text.strip() else []


def suggest(text: str, *, side: Side = "need") -> Suggestions:
    """What the registered suggester proposes; nothing where there is none or nothing to read.

    On the side of a need present values are no targets; of a capability they are what it offers.
    """
    if not _registered or not text.strip():
        return Suggestions([], [])
    return _registered[0].suggest(text, side=side)
