"""Runs every contender over the needs of a judged set and keeps its metrics need by need."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from apps.engine.blend import Parameters, score
from apps.engine.bootstrap import Difference, Interval, bootstrap, paired_bootstrap
from apps.engine.documents import Document
from apps.engine.metrics import ndcg, places_of, recall, reciprocal_rank
from apps.matching.evaluation import fitting
from apps.matching.evaluation.contenders import (
    BLEND,
    FITTED,
    Contender,
    EngineContenders,
    Group,
    MakeMatcher,
)
from apps.matching.evaluation.judged_set import JudgedSet
from apps.matching.evaluation.peers import Peers

type Floats = NDArray[np.float64]
type Values = dict[str, list[float]]
"""Metric → one value per need, NaN where it is not defined."""
type Progress = Callable[[Iterable[Document]], Iterable[Document]]

METRICS = {"ndcg@10": ndcg, "recall@50": recall, "mrr": reciprocal_rank}


@dataclass(slots=True)
class Evaluation:
    """What was measured, need by need; intervals and differences are drawn from it."""

    judged: JudgedSet
    shipped: dict[str, float]
    values: dict[Contender, Values] = field(default_factory=dict)
    pair_scores: dict[tuple[str, str], float] = field(default_factory=dict)
    """The blend's points for every judged pair, by need and capability."""
    fitted: list[dict[str, float]] = field(default_factory=list)
    """The weights of each fold, for the signals that are there."""
    absent: tuple[str, ...] = ()
    """Signals that no pair of this set has: there is nothing to measure of them."""

    def interval(self, contender: Contender, metric: str) -> Interval:
        return bootstrap(self.values[contender][metric])

    def difference(self, contender: Contender, metric: str) -> Difference:
        """How much better the blend is than the contender."""
        return paired_bootstrap(self.values[BLEND][metric], self.values[contender][metric])

    def add(self, contender: Contender, number: int, scores: Floats, judged: "Judged") -> None:
        """Keep the metrics of a contender's ranking for need `number`."""
        places = places_of(scores)[judged.rows]
        kept = self.values.setdefault(contender, {name: [float("nan")] * len(self.judged.needs) for name in METRICS})
        for name, metric in METRICS.items():
            kept[name][number] = metric(judged.levels, places)


@dataclass(frozen=True, slots=True)
class Judged:
    """The judged capabilities of one need: their rows among all, and their levels."""

    rows: list[int]
    levels: list[int]


def measure_blend(judged: JudgedSet, make: MakeMatcher, parameters: Parameters) -> Evaluation:
    """Only the engine's own score: enough to see whether a ranking changed."""
    matcher = make(parameters)
    evaluation = Evaluation(judged, {})
    for number, (need, pairs) in enumerate(zip(judged.needs, _judged(judged), strict=True)):
        _add_blend(evaluation, number, score(matcher.signals(need)), pairs)
    return evaluation


def measure(
    judged: JudgedSet, make: MakeMatcher, parameters: Parameters, *, cache_dir: Path, progress: Progress
) -> Evaluation:
    """Everything: blend, signals alone and left out, peers, and weights fitted on other needs.

    One need's scores are in memory at a time.
    """
    engine, peers = EngineContenders(make, parameters), Peers(judged.capabilities, cache_dir)
    names = tuple(signal.name for signal in engine.whole.signals(judged.needs[0]))
    weights = [engine.whole.parameters.weights[name] for name in names]
    evaluation = Evaluation(judged, {name: parameters.weights[name] for name in names})
    taught = []
    judged_rows = _judged(judged)
    for number, need in enumerate(progress(judged.needs)):
        pairs, scores = judged_rows[number], engine.scores(need)
        _add_blend(evaluation, number, scores[BLEND], pairs)
        for contender, found in {**scores, **peers.scores(need)}.items():
            evaluation.add(contender, number, found, pairs)
        taught.append(fitting.judged_pairs(engine.whole.signals(need), weights, pairs.rows, pairs.levels))
    _leave_out_absent(evaluation, tuple(name for name in names if name not in engine.seen))
    _add_fitted(evaluation, make, parameters, taught)
    return evaluation


def _add_blend(evaluation: Evaluation, number: int, scores: Floats, pairs: Judged) -> None:
    evaluation.add(BLEND, number, scores, pairs)
    need, capabilities = evaluation.judged.needs[number], evaluation.judged.capabilities
    evaluation.pair_scores |= {(need.id, capabilities[row].id): float(scores[row]) for row in pairs.rows}


def _leave_out_absent(evaluation: Evaluation, absent: tuple[str, ...]) -> None:
    """An order by a signal that nobody has is the order of the ids."""
    evaluation.absent = absent
    for name in absent:
        evaluation.values.pop(Contender(Group.SIGNAL, name), None)
        evaluation.values.pop(Contender(Group.WITHOUT, name), None)


def _add_fitted(
    evaluation: Evaluation, make: MakeMatcher, parameters: Parameters, taught: list[fitting.JudgedPairs]
) -> None:
    """Order each need by weights fitted to other needs, for the signals that are there."""
    weighed = {name: weight for name, weight in evaluation.shipped.items() if name not in evaluation.absent}
    columns = [column for column, name in enumerate(evaluation.shipped) if name in weighed]
    present = [replace(pairs, values=pairs.values[:, columns]) for pairs in taught]
    judged = _judged(evaluation.judged)
    for fitted_to, held_out in fitting.folds(len(taught) if weighed else 0):
        found = fitting.fit_weights([present[number] for number in fitted_to])
        evaluation.fitted.append(dict(zip(weighed, found.tolist(), strict=True)) if found.any() else weighed)
        matcher = make(parameters.with_weights(evaluation.fitted[-1]))
        for number in held_out.tolist():
            scores = score(matcher.signals(evaluation.judged.needs[number]))
            evaluation.add(FITTED, number, scores, judged[number])


def _judged(judged: JudgedSet) -> list[Judged]:
    row_of = {capability.id: row for row, capability in enumerate(judged.capabilities)}
    given = (judged.levels[need.id] for need in judged.needs)
    return [Judged([row_of[key] for key in levels], list(levels.values())) for levels in given]
