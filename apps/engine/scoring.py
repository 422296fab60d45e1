"""All signals of a pair, computed for one document against many at once."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from apps.engine import indicator_signal, semantic_signal
from apps.engine.blend import SIGNALS, Floats, Parameters, Signal, calibrate
from apps.engine.documents import Document
from apps.engine.fields import FIELDS, texts_of
from apps.engine.indicator_signal import IndicatorRows
from apps.engine.lexical import LexicalSignal
from apps.engine.semantic_signal import SemanticRows
from apps.engine.store import TermLog, TokenStore
from apps.engine.tag_signal import TagRows, TagSignal
from apps.engine.taxonomy import Taxonomy

type Found = tuple[Floats, NDArray[np.bool_]]
"""Values, and where the signal exists."""
type Sources = Mapping[str, Callable[[], Found]]
"""How each signal is found; only those that weigh anything are asked."""

TEXT_SIGNALS = ("words", "bigrams", "semantics")


class Layout:
    """Documents laid out for scoring: terms, vectors of meaning, tags, indicators; each when asked for."""

    def __init__(self, documents: Sequence[Document], words: LexicalSignal, bigrams: LexicalSignal) -> None:
        self.documents = documents
        self._words = words
        self._bigrams = bigrams

    @cached_property
    def words(self) -> sp.csc_array:
        return self._words.vectors(self.documents).tocsc()

    @cached_property
    def bigrams(self) -> sp.csc_array:
        return self._bigrams.vectors(self.documents).tocsc()

    @cached_property
    def semantics(self) -> SemanticRows:
        return SemanticRows(self.documents)

    @cached_property
    def tags(self) -> TagRows:
        return TagRows(self.documents)

    @cached_property
    def indicators(self) -> IndicatorRows:
        return IndicatorRows(self.documents)


class Scorer:
    """Learns frequencies from the capabilities, then gives the signals of pairs."""

    def __init__(self, taxonomy: Taxonomy, parameters: Parameters) -> None:
        self.parameters = parameters
        self.taxonomy = taxonomy
        self.tags = TagSignal(taxonomy)

    def fit(self, capabilities: Sequence[Document], store: TokenStore) -> Self:
        """Learn how common words, bigrams and tags are, and lay out the capabilities."""
        self.words_ = self._lexical(store.words, store).fit(capabilities)
        self.bigrams_ = self._lexical(store.bigrams, store).fit(capabilities)
        self.tags.fit(capabilities)
        self.synonyms_ = store.segmenter.synonyms
        self.layout_ = self.lay_out(capabilities)
        for name in self._names():
            getattr(self.layout_, name)  # now, so that the first need does not wait for it
        return self

    def lay_out(self, capabilities: Sequence[Document]) -> Layout:
        """Any capabilities, known or not, weighed by what was learnt."""
        return Layout(capabilities, self.words_, self.bigrams_)

    def of_need(self, need: Document, layout: Layout) -> tuple[Signal, ...]:
        """The signals of one need with each capability laid out."""
        sources = self._text_sources(need, layout) | {
            "tags": lambda: self.tags.values(need, layout.tags),
            "indicators": lambda: indicator_signal.values(need, layout.indicators),
        }
        return self._weighed(sources)

    def of_capability(self, capability: Document, needs: Sequence[Document]) -> tuple[Signal, ...]:
        """The signals of one capability with each need; a pair gets what `of_need` gives it."""
        one, asked = self.lay_out([capability]), self.lay_out(needs)
        sources = self._text_sources(capability, asked) | {
            "tags": lambda: _joined([self.tags.values(need, one.tags) for need in needs]),
            "indicators": lambda: _joined([indicator_signal.values(need, one.indicators) for need in needs]),
        }
        return self._weighed(sources)

    def _text_sources(self, document: Document, layout: Layout) -> dict[str, Callable[[], Found]]:
        """The signals that are the same from both sides."""
        share = self.parameters.meaning_title_share
        return {
            "words": lambda: _everywhere(self.words_.cosines(self.words_.vectors([document]), layout.words)),
            "bigrams": lambda: _everywhere(self.bigrams_.cosines(self.bigrams_.vectors([document]), layout.bigrams)),
            "semantics": lambda: semantic_signal.values(document, layout.semantics, title_share=share),
        }

    def _lexical(self, log: TermLog, store: TokenStore) -> LexicalSignal:
        return LexicalSignal(
            log,
            texts_of=lambda document: texts_of(document, self.taxonomy.name),
            shares=[getattr(self.parameters, f"{field}_share") for field in FIELDS],
            evidence=self.parameters.evidence,
            imagined_documents=self.parameters.imagined_documents,
            share_of_language=store.segmenter.share_of_language,
            background=store.segmenter.background,
        )

    def _names(self) -> list[str]:
        return [name for name in SIGNALS if self.parameters.weights[name] > 0]

    def _weighed(self, sources: Sources) -> tuple[Signal, ...]:
        """Calibrate and weigh the signals that are switched on; where one is missing its weight is 0."""
        signals: list[Signal] = []
        for name in self._names():
            values, present = sources[name]()
            weights = np.where(present, self.parameters.weights[name], 0.0)
            if name == "indicators":
                weights *= _subject(signals, len(values))
            signals.append(Signal(name, self._calibrated(name, values), weights))
        return tuple(signals)

    def _calibrated(self, name: str, raw: Floats) -> Floats:
        half = getattr(self.parameters, f"{name}_half", None)
        return raw if half is None else calibrate(raw, half, self.parameters.steepness)


def _subject(signals: Sequence[Signal], count: int) -> Floats:
    """How far the subjects fit, 0 to 1: the weighted mean of what the texts say, 1 where no text was compared.

    Figures count only so far: what a cable endures says nothing of a paint.
    """
    texts = [signal for signal in signals if signal.name in TEXT_SIGNALS]
    total = sum((signal.values * signal.weights for signal in texts), start=np.zeros(count))
    weight = sum((signal.weights for signal in texts), start=np.zeros(count))
    return np.divide(total, weight, out=np.ones(count), where=weight > 0)


def _everywhere(values: Floats) -> Found:
    return values, np.ones(len(values), np.bool_)


def _joined(found: Sequence[Found]) -> Found:
    values = np.concatenate([np.empty(0), *(value for value, _ in found)])
    return values, np.concatenate([np.empty(0, np.bool_), *(present for _, present in found)])
