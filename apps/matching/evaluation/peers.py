"""What one would take off the shelf to rank the same texts: BM25 by bm25s, and scikit-learn's TF-IDF.

All read title and description joined, with their libraries' defaults, and jieba's words without this project's
dictionary.
"""

import logging
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import bm25s
import jieba
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import linear_kernel

from apps.engine.documents import Document
from apps.engine.tokens import bigrams
from apps.matching.evaluation.contenders import Contender, Group, Scores

logging.getLogger("bm25s").setLevel(logging.WARNING)

type Floats = NDArray[np.float64]
type Cut = Callable[[str], list[str]]


class Bm25:
    """BM25 (Robertson and Zaragoza, 2009) as bm25s has it: Lucene's form, k1 = 1.5, b = 0.75."""

    def __init__(self, cut: Cut, capabilities: Sequence[Document]) -> None:
        self._cut = cut
        self._index = bm25s.BM25()
        self._count = len(capabilities)
        self._index.index([cut(whole_text(capability)) for capability in capabilities], show_progress=False)

    def scores(self, need: Document) -> Floats:
        known = self._index.get_tokens_ids(self._cut(whole_text(need)))
        found = self._index.get_scores_from_ids(known) if known else np.zeros(self._count)
        return np.asarray(found, dtype=np.float64)


class StockTfidf:
    """Words by jieba, TfidfVectorizer with its defaults, cosine."""

    def __init__(self, cut: Cut, capabilities: Sequence[Document]) -> None:
        self._cut = cut
        self._vectorizer = TfidfVectorizer()
        texts = list(map(self._spaced, capabilities))
        if not any(map(self._vectorizer.build_analyzer(), texts)):
            texts = ["unknown"] * len(texts)  # a vectorizer refuses texts without a word
        self._matrix = self._vectorizer.fit_transform(texts)

    def scores(self, need: Document) -> Floats:
        return np.asarray(linear_kernel(self._vectorizer.transform([self._spaced(need)]), self._matrix)[0])

    def _spaced(self, document: Document) -> str:
        return " ".join(self._cut(whole_text(document)))


class Peers:
    """All of them, fitted to the same capabilities. `cache_dir` is where jieba keeps its prepared dictionary."""

    def __init__(self, capabilities: Sequence[Document], cache_dir: Path) -> None:
        words = _plain_jieba(cache_dir)
        self._rankers: dict[str, Bm25 | StockTfidf] = {
            "bm25_bigrams": Bm25(bigrams, capabilities),
            "bm25_words": Bm25(words, capabilities),
            "tfidf_words": StockTfidf(words, capabilities),
        }

    def scores(self, need: Document) -> Scores:
        return {Contender(Group.PEER, name): ranker.scores(need) for name, ranker in self._rankers.items()}


def whole_text(document: Document) -> str:
    return f"{document.title}\n{document.body}"


@cache
def _plain_jieba(cache_dir: Path) -> Cut:
    cache_dir.mkdir(parents=True, exist_ok=True)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(cache_dir)

    def words(text: str) -> list[str]:
        return [word for word in tokenizer.lcut(text) if word.strip()]

    return words
