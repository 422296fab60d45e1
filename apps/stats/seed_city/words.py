"""The words of a subject that one text is about, and its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.trades import Measure, Subject

LONGEST_LINE = 60
"""Of titles and of what a capability is worth: the models' limit."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure as somebody asks for it or reaches it; `share` is how far from the usual to the best."""

    measure: Measure
    share: float

    @property
    def value(self) -> float:
        return self.measure.at(self.share)

    def columns(self) -> dict[str, Any]:
        """The columns of an indicator that need and capability share."""
        low, high = (self.value, None) if self.measure.is_rising else (None, self.value)
        comparison = "ge" if self.measure.is_rising else "le"
        return {
            "name": self.measure.name,
            "comparison": comparison,
            "low": low,
            "high": high,
            "unit": self.measure.unit,
        }

    @property
    def amount(self) -> str:
        return f"{'≥' if self.measure.is_rising else '≤'} {self.measure.told(self.share)}"

    def short_of(self, asked: "Figure") -> str:
        """How far it falls short of what is asked, with the unit."""
        return self.measure.with_unit(round(abs(self.value - asked.value), 6))

    @property
    def goal(self) -> str:
        """ "硫化周期降到 3.5 min 以下"."""
        side = "以上" if self.measure.is_rising else "以下"
        space = "" if self.measure.has_chinese_unit else " "
        return f"{self.reached}{space}{side}"

    @property
    def reached(self) -> str:
        """ "硫化周期降到 3.5 min"."""
        verb = "提高到" if self.measure.is_rising else "降到"
        return f"{self.measure.name}{verb} {self.measure.told(self.share)}"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a subject that one text is about."""

    subject: Subject
    object: str
    material: str
    process: str
    problem: str
    method: str
    equipment: str

    @classmethod
    def drawn(cls, subject: Subject, lots: Lots) -> "Words":
        names = ("objects", "materials", "processes", "problems", "methods", "equipment")
        return cls(subject, *(lots.choice(getattr(subject, name)) for name in names))

    def slots(self, figures: tuple[Figure, ...] = ()) -> dict[str, Any]:
        """What a pattern may name; `goal` is the first figure."""
        names = ("object", "material", "process", "problem", "method", "equipment")
        found = {name: getattr(self, name) for name in names}
        return found | {"goal": figures[0].goal} if figures else found


def line(patterns: tuple[str, ...], slots: Mapping[str, Any], lots: Lots) -> str:
    """One of the patterns, filled, no longer than a title may be: among those that fit, if any does."""
    filled = [pattern.format_map(slots) for pattern in patterns]
    fitting = [text for text in filled if len(text) <= LONGEST_LINE]
    return lots.choice(fitting) if fitting else filled[0][:LONGEST_LINE]
