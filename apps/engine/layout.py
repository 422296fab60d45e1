"""Documents laid out as arrays, in memory or mapped from files, for scoring many of them against one."""

from dataclasses import dataclass

from apps.engine.indicator_signal import IndicatorRows
from apps.engine.postings import Postings
from apps.engine.semantic_signal import SemanticRows
from apps.engine.tag_signal import TagRows


@dataclass(frozen=True, slots=True)
class Layout:
    """What the signals read of several documents, in the same order in each."""

    words: Postings
    bigrams: Postings
    semantics: SemanticRows
    tags: TagRows
    indicators: IndicatorRows

    def __len__(self) -> int:
        return self.words.documents
