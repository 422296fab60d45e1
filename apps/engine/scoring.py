"""All signals of a pair, computed for one document against many at once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.engine import indicator_signal, semantic_signal
from apps.engine.blend import SIGNALS, Floats, Parameters, Signal, calibrate
from apps.engine.counted import Counted, TermCounter, TermTable
from apps.engine.documents import Document
from apps.engine.fields import FIELDS
from apps.engine.indicator_signal import IndicatorRows
from apps.engine.layout import Layout
from apps.engine.lexical import Frequencies, LexicalSignal, NumberedTerms, TermVectors
from apps.engine.postings import Postings, Raw, cosines
from apps.engine.semantic_signal import EVERY, Rows, SemanticRows
from apps.engine.tag_signal import TagRows, TagSignal
from apps.engine.taxonomy import Taxonomy
from apps.engine.terms import Codes, Vocabulary
from apps.engine.tokens import Segmenter

type Found = tuple[Floats, NDArray[np.bool_]]
"""Values, and where the signal exists."""

TEXT_SIGNALS = ("words", "bigrams", "semantics")
LEXICAL_SIGNALS = ("words", "bigrams")


@dataclass(frozen=True, slots=True)
class Statistics:
    """How common terms and tags are among the capabilities: what the scores of all pairs rest on."""

    words: Frequencies
    bigrams: Frequencies
    tags: Counter[str]

    @property
    def documents(self) -> int:
        return self.words.documents

    @classmethod
    def none(cls) -> Self:
        """Of no capability at all: the language and the trade alone decide how common a term is."""
        return cls(Frequencies.none(), Frequencies.none(), Counter())


@dataclass(frozen=True, slots=True)
class Query:
    """One document against many; `of_need`: it is the need, the others are capabilities, or the other way round."""

    document: Document
    of_need: bool
    terms: Mapping[str, tuple[Codes, Raw]]


@dataclass(frozen=True, slots=True)
class Overview:
    """What is cheap to know of a query and every row: sums of its terms (grid numbers) by signal, and its tags."""

    lexical: Mapping[str, Raw]
    tags: Found | None


class Scorer:
    """Weighs documents by what was learnt from the capabilities, and gives the signals of pairs."""

    def __init__(self, taxonomy: Taxonomy, parameters: Parameters, segmenter: Segmenter) -> None:
        self.parameters = parameters
        self.taxonomy = taxonomy
        self.segmenter = segmenter
        self.counter = TermCounter(segmenter, taxonomy)
        self.lexical = {name: self._lexical() for name in LEXICAL_SIGNALS}
        self.tags = TagSignal(taxonomy)

    def fit(self, capabilities: Sequence[Document], counted: Counted) -> Self:
        """Learn how common words, bigrams and tags are; `counted` are the terms of the capabilities."""
        for name, signal in self.lexical.items():
            vocabulary = Vocabulary()
            signal.fit([NumberedTerms.of(table_of(counted, name), vocabulary)], vocabulary)
        self.tags.fit(capabilities)
        return self

    def learn(self, statistics: Statistics) -> Self:
        """Take over what was counted elsewhere."""
        self.lexical["words"].frequencies_ = statistics.words
        self.lexical["bigrams"].frequencies_ = statistics.bigrams
        self.tags.learn(statistics.documents, statistics.tags)
        return self

    def lay_out(self, documents: Sequence[Document], counted: Counted | None = None) -> Layout:
        """Any documents, known or not, weighed by what was learnt; `counted` are their terms, if they are known."""
        counted = self.counter.count(documents) if counted is None else counted
        postings = {name: Postings.of(vectors) for name, vectors in self.vectors(counted).items()}
        return Layout(
            words=postings["words"],
            bigrams=postings["bigrams"],
            semantics=SemanticRows.of(documents),
            tags=TagRows.of(documents),
            indicators=IndicatorRows.of(documents),
        )

    def query(self, document: Document, *, of_need: bool) -> Query:
        """A document made ready to be compared with many."""
        vectors = self.vectors(self.counter.count([document]))
        return Query(document, of_need, {name: found.row(0) for name, found in vectors.items()})

    def vectors(self, counted: Counted) -> dict[str, TermVectors]:
        """The lexical vectors of documents by signal."""
        found = {}
        for name, signal in self.lexical.items():
            vocabulary = Vocabulary()
            block = NumberedTerms.of(table_of(counted, name), vocabulary)
            found[name] = signal.vectors(block, vocabulary.codes)
        return found

    def overview(self, query: Query, layout: Layout) -> Overview:
        """What is cheap to know, for every row."""
        in_use = self.names()
        lists = {"words": layout.words, "bigrams": layout.bigrams}
        return Overview(
            lexical={name: lists[name].raw(query.terms[name]) for name in LEXICAL_SIGNALS if name in in_use},
            tags=self.tags.values(query.document, layout.tags, of_need=query.of_need) if "tags" in in_use else None,
        )

    def signals(self, query: Query, layout: Layout, overview: Overview, among: Rows = EVERY) -> tuple[Signal, ...]:
        """The signals with some rows: calibrated and weighed; where one is missing its weight is 0."""
        sources = self._sources(query, layout, overview, among)
        signals: list[Signal] = []
        for name in self.names():
            values, present = sources[name]()
            weights = np.where(present, self.parameters.weights[name], 0.0)
            if name == "indicators":
                weights *= _subject(signals, len(values))
            signals.append(Signal(name, self.calibrated(name, values), weights))
        return tuple(signals)

    def names(self) -> list[str]:
        """The signals that are switched on, in their order."""
        return [name for name in SIGNALS if self.parameters.weights[name] > 0]

    def calibrated(self, name: str, raw: Floats) -> Floats:
        """Raw values of a signal on the scale on which they are added up."""
        half = getattr(self.parameters, f"{name}_half", None)
        return raw if half is None else calibrate(raw, half, self.parameters.steepness)

    def _sources(
        self, query: Query, layout: Layout, overview: Overview, among: Rows
    ) -> Mapping[str, Callable[[], Found]]:
        """How each signal is found; only those that weigh anything are asked."""
        share = self.parameters.meaning_title_share
        sources: dict[str, Callable[[], Found]] = {
            "semantics": lambda: semantic_signal.values(
                query.document, layout.semantics, title_share=share, among=among
            ),
            "indicators": lambda: indicator_signal.values(
                query.document, layout.indicators, of_need=query.of_need, among=among
            ),
        }
        for name, raw in overview.lexical.items():
            sources[name] = _everywhere(raw[among])
        if overview.tags is not None:
            values, present = overview.tags
            sources["tags"] = lambda: (values[among], present[among])
        return sources

    def _lexical(self) -> LexicalSignal:
        background = self.segmenter.background
        return LexicalSignal(
            shares=[getattr(self.parameters, f"{field}_share") for field in FIELDS],
            evidence=self.parameters.evidence,
            imagined_documents=self.parameters.imagined_documents,
            general=self.segmenter.language,
            trade=None if background is None else background.term_shares,
        )


def table_of(counted: Counted, name: str) -> TermTable:
    """The terms of one of LEXICAL_SIGNALS."""
    return counted.words if name == "words" else counted.bigrams


def _subject(signals: Sequence[Signal], count: int) -> Floats:
    """How far the subjects fit, 0 to 1: the weighted mean of what the texts say, 1 where no text was compared.

    Figures count only so far: what a cable endures says nothing of a paint.
    """
    texts = [signal for signal in signals if signal.name in TEXT_SIGNALS]
    total = sum((signal.values * signal.weights for signal in texts), start=np.zeros(count))
    weight = sum((signal.weights for signal in texts), start=np.zeros(count))
    return np.divide(total, weight, out=np.ones(count), where=weight > 0)


def _everywhere(raw: Raw) -> Callable[[], Found]:
    return lambda: (cosines(raw), np.ones(len(raw), np.bool_))
