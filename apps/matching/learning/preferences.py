"""Who was preferred to whom: pairs of rows of one need, with how much each such pair counts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching.learning.feedback import Feedback
from apps.matching.learning.position import weights_of_answers


@dataclass(frozen=True, slots=True)
class Preferences:
    """Row numbers of the better and the worse, and the weight of each preference."""

    better: NDArray[np.int64]
    worse: NDArray[np.int64]
    weights: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.better)


def preferences(feedback: Feedback, decay: float) -> Preferences:
    """Each answered row against every row of its need with another level that the same side was shown.

    An answer of the need's side counts 1 / the chance that its place was read, whichever rows it is compared with,
    above it or below: summed over many lists this is what readers would have said who read everything (propensity SVM,
    Joachims et al., 2017). A supplier reads needs, not places of one need's list; its answers count once.
    """
    counts = np.where(feedback.answered_by_need, weights_of_answers(feedback.ranks, decay), 1.0)
    found = [_of_need(feedback, rows, counts) for rows in _rows_by_need(feedback)]
    better, worse, weights = (np.concatenate(column) for column in zip(*found, strict=True)) if found else ([], [], [])
    return Preferences(np.asarray(better, np.int64), np.asarray(worse, np.int64), np.asarray(weights, np.float64))


def _rows_by_need(feedback: Feedback) -> list[NDArray[np.int64]]:
    order = np.argsort(feedback.needs, kind="stable")
    bounds = np.flatnonzero(np.diff(feedback.needs[order])) + 1
    return [rows for rows in np.split(order, bounds) if len(rows)]


def _of_need(
    feedback: Feedback, rows: NDArray[np.int64], counts: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """A row with two answers to compare is met once, from the better one; lists count alike, however long."""
    levels, answered = feedback.levels[rows], feedback.answered[rows]
    above = levels[:, None] > levels[None, :]
    comparable = _seen_by_who_answered(feedback, rows)
    from_better = above & answered[:, None] & comparable
    from_worse = above & ~answered[:, None] & answered[None, :] & comparable.T
    better, worse = np.nonzero(from_better | from_worse)
    told_by = np.where(answered[better], rows[better], rows[worse])
    return rows[better], rows[worse], counts[told_by] / len(rows)


def _seen_by_who_answered(feedback: Feedback, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """[i, j]: some side answered i and was shown j."""
    part = feedback.of(rows)
    by_need = part.answered_by_need[:, None] & part.shown_to_need[None, :]
    by_capability = part.answered_by_capability[:, None] & part.shown_to_capability[None, :]
    return np.asarray(by_need | by_capability)
