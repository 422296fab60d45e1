"""What the engine reads: documents (needs and capabilities alike) and their technical indicators."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

type Comparison = Literal["ge", "le", "between", "eq"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One technical figure: asked for by a need, or offered by a capability.

    The bounds are inclusive and in `unit`; None means open on that side. `start` and `end` are the span
    in the text the indicator was read from, -1 when a person typed it.
    """

    name: str
    low: float | None
    high: float | None
    unit: str
    is_hard: bool = True
    start: int = -1
    end: int = -1

    @property
    def comparison(self) -> Comparison:
        """How the bounds read: at least, at most, between, or exactly. Two open bounds read as exactly."""
        if self.low == self.high:
            return "eq"
        if self.high is None:
            return "ge"
        return "le" if self.low is None else "between"

    @property
    def was_read(self) -> bool:
        """Whether it was read from a text, not typed into a row of a form."""
        return self.start >= 0

    @property
    def amount(self) -> str:
        """The bounds in writing, without the name: "≥ 300 ℃", "5~8 mm", "±0.05 mm"."""
        unit = f" {self.unit}" if self.unit and self.unit != "%" else self.unit
        match self.comparison:
            case "ge":
                return f"≥ {number_text(self.low)}{unit}"
            case "le":
                return f"≤ {number_text(self.high)}{unit}"
            case "between" if self.low is not None and self.low == -(self.high or 0):
                return f"±{number_text(self.high)}{unit}"
            case "between":
                return f"{number_text(self.low)}~{number_text(self.high)}{unit}"
        return f"{number_text(self.low)}{unit}" if self.low is not None else "未注明"

    @property
    def text(self) -> str:
        """The whole indicator in writing: "耐温 ≥ 300 ℃"."""
        return f"{self.name} {self.amount}".strip()


@dataclass(frozen=True, slots=True)
class Document:
    """A need or a capability.

    `tags` are codes of the taxonomy (industry chains, technical fields, tags). A code the taxonomy does not
    know is allowed and resembles only itself. `kind` is what a capability is (a key of names.NAMES); `facts` are what
    a side brings besides its subject ("拟投入 10–50 万元"): both are for the sentences and are not compared.
    `goal` is the heart of the text: what a need wants solved, what a capability is worth in one line.
    `vectors`, of shape (2, dimensions), are an encoder's for title and whole text (encoder.py); None where nothing was
    encoded.
    """

    id: str
    title: str
    body: str = ""
    tags: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    kind: str = ""
    facts: tuple[str, ...] = ()
    goal: str = ""
    vectors: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """Title, goal and body, one below the other."""
        return "\n".join(text for text in (self.title, self.goal, self.body) if text)


def number_text(value: float | None) -> str:
    """A number as a person writes it: no trailing zeros, six significant digits, no exponent."""
    if value is None:
        return ""
    rounded = float(f"{value:.6g}")
    return f"{rounded:.12f}".rstrip("0").rstrip(".") if abs(rounded) < 1e15 else f"{rounded:.6g}"
