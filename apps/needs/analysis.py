"""Reading a need: its elements and how clear it is. The matching app, above, knows how, and registers its analyst."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from apps.core import content

LONGEST_READ = 6_000
"""Characters read of all texts together: more than a form may hold."""


@dataclass(frozen=True, slots=True)
class FoundElement:
    """One element as it stands in a text: `kind` of ElementKind; [start, end) in the text named `field`."""

    kind: str
    text: str
    field: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing: adding it is worth `points`; `text` says it to the person."""

    code: str
    points: int
    text: str


@dataclass(frozen=True, slots=True)
class Clarity:
    """`score` 0 to 100, and the gaps, the best gain first."""

    score: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """All that counts for clarity. `elements` are (kind, text); `filled` tells which optional fields say something."""

    texts: Mapping[str, str]
    indicators: Sequence[content.IndicatorValues] = ()
    elements: Sequence[tuple[str, str]] = ()
    tags: Sequence[str] = ()
    filled: Mapping[str, bool] = field(default_factory=dict)


class Analyst(Protocol):
    def elements(self, texts: Mapping[str, str]) -> list[FoundElement]:
        """Elements of the texts by field name, in the order they stand, in the time between two keystrokes."""

    def clarity(self, said: Said) -> Clarity:
        """How workable the need is as it stands."""


_registered: list[Analyst] = []


def register(analyst: Analyst) -> None:
    """Use this analyst from now on, in place of any other."""
    _registered[:] = [analyst]


def find_elements(texts: Mapping[str, str]) -> list[FoundElement]:
    """What the registered analyst finds; nothing where there is none or nothing to read."""
    if not _registered or not any(text.strip() for text in texts.values()):
        return []
    return _registered[0].elements(_bounded(texts))


def assess_clarity(said: Said) -> Clarity | None:
    """None where no analyst is registered."""
    return _registered[0].clarity(replace(said, texts=_bounded(said.texts))) if _registered else None


def _bounded(texts: Mapping[str, str]) -> dict[str, str]:
    left, read = LONGEST_READ, {}
    for name, text in texts.items():
        read[name] = text[:left]
        left -= len(read[name])
    return read
