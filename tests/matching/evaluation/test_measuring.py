"""Fitted weights are tried on needs they were not fitted to."""

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from django.conf import settings

from apps.engine.blend import Parameters, Signal
from apps.engine.documents import Document
from apps.engine.matcher import Matcher
from apps.matching.evaluation import fitting
from apps.matching.evaluation.contenders import FITTED
from apps.matching.evaluation.fitting import JudgedPairs
from apps.matching.evaluation.judged_set import JudgedSet
from apps.matching.evaluation.measuring import measure

NEEDS = 12
CAPABILITIES = 4


class Stand:
    """In a matcher's place: made-up signals, and a note of which weights ordered which need."""

    notes: list[tuple[int, float]]

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters

    def signals(self, need: Document) -> tuple[Signal, ...]:
        number = int(need.id)
        self.notes.append((number, self.parameters.words_weight))
        chance = np.random.default_rng(number)
        return tuple(
            Signal(name, chance.random(CAPABILITIES), np.full(CAPABILITIES, getattr(self.parameters, f"{name}_weight")))
            for name in ("words", "bigrams")
        )


def test_no_need_is_ordered_by_weights_fitted_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    taught: list[JudgedPairs] = []
    fitted_to: dict[float, set[int]] = {}
    notes: list[tuple[int, float]] = []
    real = fitting.judged_pairs

    def remember(*args: Any, **kwargs: Any) -> JudgedPairs:
        taught.append(real(*args, **kwargs))
        return taught[-1]

    def tell_apart(needs: list[JudgedPairs]) -> np.ndarray:
        weight = 0.9 + len(fitted_to) / 100
        fitted_to[weight] = {next(i for i, pairs in enumerate(taught) if pairs.gains is need.gains) for need in needs}
        return np.array([weight, 1 - weight])

    monkeypatch.setattr(fitting, "judged_pairs", remember)
    monkeypatch.setattr(fitting, "fit_weights", tell_apart)
    monkeypatch.setattr(Stand, "notes", notes, raising=False)
    evaluation = measure(
        judged_set(),
        lambda parameters: cast("Matcher", Stand(parameters)),
        Parameters(),
        cache_dir=Path(settings.VAR_DIR) / "jieba",
        progress=lambda needs: needs,
    )
    tried = [(number, fitted_to[weight]) for number, weight in notes if weight in fitted_to]
    assert sorted(number for number, _ in tried) == list(range(NEEDS))
    assert all(number not in others and len(others) >= NEEDS // 2 for number, others in tried)
    assert not np.isnan(evaluation.values[FITTED]["ndcg@10"]).any()


def judged_set() -> JudgedSet:
    levels = {str(n): {f"c{c}": 1 + (n + c) % 4 for c in range(CAPABILITIES)} for n in range(NEEDS)}
    return JudgedSet(
        needs=tuple(Document(number, f"需求{number}") for number in levels),
        capabilities=tuple(Document(f"c{c}", f"能力之{c}") for c in range(CAPABILITIES)),
        levels=levels,
    )
