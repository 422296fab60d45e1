"""Answered and shown pairs as a table of numbers: what the learner reads, without the database behind it."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Feedback:
    """One row per pair. `values` and `presence` have a column per signal (`current.SIGNALS`).

    `presence` is how far a signal counts in the pair: 1 fully, 0 where one side says nothing; indicators lie between.
    `ranks` is the place at which the need's side first saw the pair, NaN where it did not. The flags tell which side
    was shown the pair, and which gave the answer that its level rests on.
    """

    values: Floats
    presence: Floats
    needs: NDArray[np.int64]
    levels: NDArray[np.int64]
    ranks: Floats
    shown_to_need: Flags
    shown_to_capability: Flags
    answered_by_need: Flags
    answered_by_capability: Flags

    def __len__(self) -> int:
        return len(self.needs)

    def of(self, rows: Flags | NDArray[np.int64]) -> Self:
        """Some of the rows."""
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    @property
    def answered(self) -> Flags:
        return self.answered_by_need | self.answered_by_capability


def scores(feedback: Feedback, weights: Floats) -> Floats:
    """0..1 for each pair: the weighted mean of the signals that are there, as `engine.blend.score` forms it."""
    effective = feedback.presence * weights
    total = effective.sum(axis=1)
    points = (effective * feedback.values).sum(axis=1)
    return np.asarray(np.divide(points, total, out=np.zeros_like(total), where=total > 0))


def filled(feedback: Feedback, weights: Floats) -> Floats:
    """The values with what is missing set to the pair's own score under `weights`.

    With these, the score is exactly linear: score = (filled · weights) / sum(weights). A missing signal says what the
    others say, and therefore teaches nothing.
    """
    score = scores(feedback, weights)[:, None]
    return np.asarray(feedback.presence * feedback.values + (1 - feedback.presence) * score)
