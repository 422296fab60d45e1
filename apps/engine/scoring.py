"""All signals of a pair, computed for one document against many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from apps.engine import indicator_signal
from apps.engine.blend import Floats, Parameters, Signal, calibrate
from apps.engine.documents import Document
from apps.engine.indicator_signal import IndicatorRows
from apps.engine.lexical import LexicalSignal
from apps.engine.store import TermLog, TokenStore
from apps.engine.tag_signal import TagRows, TagSignal
from apps.engine.taxonomy import Taxonomy

type Found = tuple[Floats, NDArray[np.bool_]]
"""Values, and where the signal exists."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Capabilities laid out for scoring: text vectors by term, tags, indicators."""

    words: sp.csc_array
    bigrams: sp.csc_array
    tags: TagRows
    indicators: IndicatorRows


class Scorer:
    """Learns frequencies from the capabilities, then gives the signals of pairs."""

    def __init__(self, taxonomy: Taxonomy, parameters: Parameters) -> None:
        self.parameters = parameters
        self.tags = TagSignal(taxonomy)

    def fit(self, capabilities: Sequence[Document], store: TokenStore) -> Self:
        """Learn how common words, bigrams and tags are, and lay out the capabilities."""
        self.words_ = self._lexical(store.words, store).fit(capabilities)
        self.bigrams_ = self._lexical(store.bigrams, store).fit(capabilities)
        self.tags.fit(capabilities)
        self.layout_ = self.lay_out(capabilities)
        return self

    def lay_out(self, capabilities: Sequence[Document]) -> Layout:
        """Any capabilities, known or not, weighed by what was learnt."""
        return Layout(
            self.words_.vectors(capabilities).tocsc(),
            self.bigrams_.vectors(capabilities).tocsc(),
            TagRows(capabilities),
            IndicatorRows(capabilities),
        )

    def of_need(self, need: Document, layout: Layout) -> tuple[Signal, ...]:
        """The signals of one need with each capability laid out."""
        return self._weighed(
            self.words_.cosines(self.words_.vectors([need]), layout.words),
            self.bigrams_.cosines(self.bigrams_.vectors([need]), layout.bigrams),
            self.tags.values(need, layout.tags),
            indicator_signal.values(need, layout.indicators),
        )

    def of_capability(self, capability: Document, needs: Sequence[Document]) -> tuple[Signal, ...]:
        """The signals of one capability with each need; a pair gets what `of_need` gives it."""
        tags, indicators = TagRows([capability]), IndicatorRows([capability])
        return self._weighed(
            self.words_.cosines(self.words_.vectors([capability]), self.words_.vectors(needs).tocsc()),
            self.bigrams_.cosines(self.bigrams_.vectors([capability]), self.bigrams_.vectors(needs).tocsc()),
            _joined([self.tags.values(need, tags) for need in needs]),
            _joined([indicator_signal.values(need, indicators) for need in needs]),
        )

    def _lexical(self, log: TermLog, store: TokenStore) -> LexicalSignal:
        return LexicalSignal(
            log,
            title_share=self.parameters.title_share,
            evidence=self.parameters.evidence,
            imagined_documents=self.parameters.imagined_documents,
            share_of_language=store.segmenter.share_of_language,
        )

    def _weighed(self, words: Floats, bigrams: Floats, tags: Found, indicators: Found) -> tuple[Signal, ...]:
        """Calibrate and weigh.

        Figures count only as far as the subject fits: what a cable endures says nothing of a paint.
        """
        knobs = self.parameters
        words = calibrate(words, knobs.words_half, knobs.steepness)
        bigrams = calibrate(bigrams, knobs.bigrams_half, knobs.steepness)
        text_weight = knobs.words_weight + knobs.bigrams_weight
        subject = (knobs.words_weight * words + knobs.bigrams_weight * bigrams) / text_weight
        return (
            Signal("words", words, np.full_like(words, knobs.words_weight)),
            Signal("bigrams", bigrams, np.full_like(words, knobs.bigrams_weight)),
            Signal(
                "tags", calibrate(tags[0], knobs.tags_half, knobs.steepness), np.where(tags[1], knobs.tags_weight, 0.0)
            ),
            Signal("indicators", indicators[0], np.where(indicators[1], knobs.indicators_weight * subject, 0.0)),
        )


def _joined(found: Sequence[Found]) -> Found:
    values = np.concatenate([np.empty(0), *(value for value, _ in found)])
    return values, np.concatenate([np.empty(0, np.bool_), *(present for _, present in found)])
