"""What is measured: the engine's score, what it is made of, and other ways to rank the same texts."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from apps.engine.blend import Parameters, score
from apps.engine.documents import Document
from apps.engine.matcher import Matcher

type Floats = NDArray[np.float64]
type Scores = dict[Contender, Floats]
"""For each contender one number per capability, the higher the better."""
type MakeMatcher = Callable[[Parameters], Matcher]
"""A matcher with these parameters, fitted to the capabilities."""


class Group(StrEnum):
    """How a contender came about."""

    BLEND = "blend"
    FITTED = "fitted"
    SIGNAL = "signal"
    WITHOUT = "without"
    PEER = "peer"


@dataclass(frozen=True, slots=True, order=True)
class Contender:
    """One way to rank; `name` is the signal's or the peer's, empty for the blend."""

    group: Group
    name: str = ""

    @property
    def key(self) -> str:
        """As it is called in JSON: "blend", "words", "without_words", "bm25_bigrams"."""
        if self.group is Group.WITHOUT:
            return f"without_{self.name}"
        return self.name or str(self.group)


BLEND = Contender(Group.BLEND)
FITTED = Contender(Group.FITTED)


class EngineContenders:
    """The blend with its weights, each signal alone, and the blend without each signal that it has."""

    def __init__(self, make: MakeMatcher, parameters: Parameters) -> None:
        self.parameters = parameters
        self.matcher = make(parameters)
        everything = _with_everything_on(parameters)
        self.whole = self.matcher if everything == parameters else make(everything)
        self.seen: set[str] = set()
        """The signals that any pair so far had."""
        in_use = [name for name, weight in parameters.weights.items() if weight]
        self._in_use = in_use if len(in_use) > 1 else []  # without the only one nothing is left
        self._make = make
        self._reduced: dict[str, Matcher] = {}

    def scores(self, need: Document) -> Scores:
        """What each of them gives every capability for this need; a missing signal counts as 0 when alone."""
        signals = self.whole.signals(need)
        found: Scores = {BLEND: score(self.matcher.signals(need))}
        for signal in signals:
            if signal.weights.any():
                self.seen.add(signal.name)
            found[Contender(Group.SIGNAL, signal.name)] = np.where(signal.weights > 0, signal.values, 0.0)
        for name in self._in_use:
            found[Contender(Group.WITHOUT, name)] = score(self._without(name).signals(need))
        return found

    def _without(self, name: str) -> Matcher:
        if name not in self._reduced:
            self._reduced[name] = self._make(self.parameters.with_weights({name: 0.0}))
        return self._reduced[name]


def _with_everything_on(parameters: Parameters) -> Parameters:
    """A signal that is switched off is not computed; to measure it alone it gets any weight at all."""
    return parameters.with_weights({name: 0.1 for name, weight in parameters.weights.items() if weight == 0})
