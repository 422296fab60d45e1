"""From signals to points: calibration, weights, and what happens where a signal is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

SIGNALS = ("words", "bigrams", "semantics", "tags", "indicators")
"""Every signal by name, in the order of the parts of a score."""
DECIMALS = 6
"""Scores are rounded here, so that the order in which sums were taken can never show."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The knobs of the score. The defaults are the shipped ones; docs/matching.md says where they come from.

    `*_weight`: a signal of weight 0 is switched off: neither computed nor listed among the parts.
    `*_half` is the raw value that reads as half of the part, `steepness` how sharply it turns there.
    `*_share`: how the fields of a document share in its words and bigrams; what is empty leaves its share to the rest.
    `meaning_title_share`: how much of the semantics lies in the titles, the rest in the whole texts.
    `evidence`: how much a document must say before it can fit well. `imagined_documents`: how many documents of
    general Chinese a corpus is thought to contain besides its own.
    """

    words_weight: float = 0.03
    bigrams_weight: float = 0.67
    semantics_weight: float = 0.3
    tags_weight: float = 0.4
    indicators_weight: float = 0.4
    title_share: float = 0.26
    goal_share: float = 0.5
    body_share: float = 0.6
    tags_share: float = 0.05
    indicators_share: float = 0.01
    meaning_title_share: float = 0.5
    words_half: float = 0.2
    bigrams_half: float = 0.15
    semantics_half: float = 0.4
    tags_half: float = 0.4
    steepness: float = 1.5
    evidence: float = 5.0
    imagined_documents: float = 200.0

    def __post_init__(self) -> None:
        if not any(self.weights.values()) or min(self.weights.values()) < 0:
            raise ValueError("weights must not be negative, and not all of them 0")

    @property
    def weights(self) -> dict[str, float]:
        """The weight of every signal, also of those switched off."""
        return {name: float(getattr(self, f"{name}_weight")) for name in SIGNALS}

    def with_weights(self, weights: Mapping[str, float]) -> Self:
        """The same knobs with other weights; a signal that is not named keeps its own.

        ValueError for a name that is no signal.
        """
        if unknown := sorted(weights.keys() - set(SIGNALS)):
            raise ValueError(f"no such signals: {unknown}")
        return replace(self, **{f"{name}_weight": float(weight) for name, weight in weights.items()})


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: `value` 0 to 1, `weight` its share of the whole, `contribution` in points."""

    name: str
    value: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal for several pairs: values 0 to 1, and the weight each pair gives it (0: missing there)."""

    name: str
    values: Floats
    weights: Floats


def calibrate(raw: Floats, half: float, steepness: float) -> Floats:
    """Raw 0..1 to readable 0..1: raw^s / (raw^s + half^s), rising, ½ at `half` (Hill's curve, 1910).

    Cosines of good pairs lie far below 1; on this scale they read as what they are. Stretched so that 1 stays 1.
    """
    clipped = np.clip(raw, 0.0, 1.0) ** steepness
    limit = half**steepness
    return np.asarray(clipped * (1 + limit) / (clipped + limit))


def score(signals: Sequence[Signal]) -> Floats:
    """Points 0 to 100 for each pair: the weighted mean of the signals that are there."""
    total = sum((s.values * s.weights for s in signals), start=np.zeros_like(signals[0].values))
    weight = sum((s.weights for s in signals), start=np.zeros_like(total))
    return np.round(100 * np.divide(total, weight, out=np.zeros_like(total), where=weight > 0), DECIMALS)


def parts(signals: Sequence[Signal], rows: Sequence[int]) -> list[tuple[Part, ...]]:
    """The parts of the chosen pairs' scores; contributions add up to the score. A missing signal has weight 0."""
    values = np.array([s.values[rows] for s in signals])
    weights = np.array([s.weights[rows] for s in signals])
    total = weights.sum(axis=0)
    shares = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    numbers = np.round([values, shares, 100 * values * shares], DECIMALS).transpose(2, 1, 0).tolist()
    names = [signal.name for signal in signals]
    return [tuple(Part(name, *row) for name, row in zip(names, pair, strict=True)) for pair in numbers]
