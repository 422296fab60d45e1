"""From texts to an index with the libraries alone: jieba and scikit-learn, the same terms of each document.

It takes a whole text per document where the engine weighs five fields, and knows neither synonyms nor traditional
characters: it has less to do.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import jieba
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from apps.engine.documents import Document
from apps.engine.fields import texts_of
from benchmarks.installation import dictionary, taxonomy

_RUNS = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_HAS_LETTER = re.compile(r"[^\W\d_]")


class JiebaCuts:
    """jieba with the service's dictionary: a text's words, and its characters, pairs, Latin words and numbers."""

    def __init__(self, words: Iterable[str]) -> None:
        self._jieba: Any = jieba.Tokenizer()
        self._jieba.FREQ, self._jieba.total = self._jieba.gen_pfdict(self._jieba.get_dict_file())
        self._jieba.initialized = True
        for word in words:
            self._jieba.add_word(word)

    def words(self, text: str) -> list[str]:
        cut = self._jieba.cut_for_search(folded(text), HMM=False)
        return [word for word in cut if len(word) > 1 and _HAS_LETTER.search(word)]

    @staticmethod
    def characters_and_pairs(text: str) -> list[str]:
        terms: list[str] = []
        for run in _RUNS.findall(folded(text)):
            if "\u3400" <= run[0] <= "\u9fff" and len(run) > 1:
                terms += run
                terms += map("".join, pairwise(run))
            else:
                terms.append(run)
        return terms


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def whole_text(document: Document) -> str:
    """All that is compared by words: title, goal, body, names of tags and of indicators."""
    return "\n".join(texts_of(document, taxonomy().name))


class TextPeer:
    """Texts to two TF-IDF matrices, with TfidfVectorizer's defaults and one call each."""

    def __init__(self) -> None:
        self._cuts = JiebaCuts(dictionary())

    def build(self, documents: Sequence[Document]) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        texts = [whole_text(document) for document in documents]
        words = TfidfVectorizer(analyzer=self._cuts.words)
        pairs = TfidfVectorizer(analyzer=self._cuts.characters_and_pairs)
        return words.fit_transform(texts), pairs.fit_transform(texts)
