"""The words that both texts of a pair use, readable and telling, those that count most in the score first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from apps.engine.documents import Document
from apps.engine.fields import texts_of
from apps.engine.generic_words import GENERIC_WORDS
from apps.engine.highlight import first_span
from apps.engine.lexical import TermVectors
from apps.engine.scoring import Scorer
from apps.engine.synonyms import stands_in
from apps.engine.terms import codes_of
from apps.engine.text import normalise
from apps.engine.units import is_known

MOST_TERMS = 8
LONGEST_TERM = 12
MOST_JOINED = 60
"""Words tried for joining: the work grows with their square, and lighter ones are not shown anyway."""
TURNS = "耐抗防阻无非免"
"""Characters that make 腐蚀, 静电, 毒 into what withstands or lacks it."""
EVERYDAY = 2e-4
"""A word that makes up more of general Chinese than this (超过, 不能) is no reason."""

_COUNT = re.compile(r"[每半多几两一二三四五六七八九十百千万零]")


@dataclass(frozen=True, slots=True)
class Shared:
    """`terms` stand in both texts; `renamed` are things that need and capability call by the two names."""

    terms: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


class SharedTerms:
    """Finds them with what the scorer has learnt."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.synonyms = scorer.segmenter.synonyms
        self.share_of_language = scorer.segmenter.share_of_language

    def of(self, pairs: Sequence[tuple[Document, Document]]) -> list[Shared]:
        """For each (need, capability) the words both texts use, those that count most first; at most MOST_TERMS.

        Words that stand side by side in both texts are joined (激光 and 熔覆: 激光熔覆), parts of a shown term are
        left out, and so are words that any need could contain. They are spelt as the need spells them. What the two
        call by different names (PLA, 聚乳酸) is listed apart.
        """
        documents = {id(document): document for pair in pairs for document in pair}
        vectors = self._vectors(list(documents.values()))
        weights = dict(zip(documents, vectors, strict=True))
        needs = {id(need): need for need, _ in pairs}
        spelt = {key: self._words(need) for key, need in needs.items()}
        return [
            self._terms(need, capability, spelt[id(need)], weights[id(need)], weights[id(capability)])
            for need, capability in pairs
        ]

    def _vectors(self, documents: Sequence[Document]) -> list[dict[int, float]]:
        """Each document's words by number, and what they weigh."""
        vectors = self.scorer.vectors(self.scorer.counter.count(documents))["words"]
        return [_row(vectors, row) for row in range(len(documents))]

    def _words(self, document: Document) -> dict[int, str]:
        """A document's words by number."""
        texts = texts_of(document, self.scorer.taxonomy.name)
        words = list({word for text in texts for word in self.scorer.segmenter.words(text)})
        return dict(zip(codes_of(words).tolist(), words, strict=True))

    def _terms(
        self,
        need: Document,
        capability: Document,
        words: dict[int, str],
        ours: dict[int, float],
        theirs: dict[int, float],
    ) -> Shared:
        products = {words[code]: weight * theirs[code] for code, weight in ours.items() if code in theirs}
        weighed = {word: product for word, product in products.items() if product > 0 and self._telling(word)}
        raw = _whole(need), _whole(capability)
        texts = _plain(raw[0]), _plain(raw[1])
        written = {word: product for word, product in weighed.items() if all(stands_in(word, text) for text in texts)}
        renamed: list[tuple[str, str]] = []
        for word in sorted(weighed.keys() - written.keys()):
            called = self._called(word, texts, raw)
            if called and _plain(called[0]) == _plain(called[1]):
                written[_plain(called[0])] = weighed[word]  # both write 减速机, the vocabulary says 减速器
            elif called:
                renamed.append(called)
        joined = [_with_what_turns_it(term, *texts) for term in _joined(written, *texts)]
        terms = tuple(_as_written(term, raw[0]) for term in joined[:MOST_TERMS])
        return Shared(terms, tuple(dict.fromkeys(renamed))[:MOST_TERMS])

    def _called(self, word: str, texts: tuple[str, str], raw: tuple[str, str]) -> tuple[str, str] | None:
        """How need and capability write the thing; None where a side only bears a vocabulary's looser alias."""
        ours, theirs = (self.synonyms.spelling_in(text, word) for text in texts)
        return (_as_written(ours, raw[0]), _as_written(theirs, raw[1])) if ours and theirs else None

    def _telling(self, word: str) -> bool:
        return is_telling(word) and self.share_of_language(word) < EVERYDAY


@lru_cache(maxsize=64)
def _plain(text: str) -> str:
    """The normalised text: the need's is asked for with every capability."""
    return normalise(text)


def _whole(document: Document) -> str:
    return f"{document.title}\n{document.goal}\n{document.body}"


@lru_cache(maxsize=100_000)
def is_telling(word: str) -> bool:
    """Whether a word may be shown as a reason: no number, no unit, nothing that fits any text."""
    return not (_is_generic(word) or is_known(word) or _COUNT.match(word)) and any(c.isalpha() for c in word)


def _is_generic(word: str) -> bool:
    """A generic word, or several in a row: 技术开发 says as little as 技术 and 开发."""
    return word in GENERIC_WORDS or any(
        word[:cut] in GENERIC_WORDS and _is_generic(word[cut:]) for cut in range(2, len(word) - 1)
    )


def _row(vectors: TermVectors, row: int) -> dict[int, float]:
    codes, weights = vectors.row(row)
    return dict(zip(codes.tolist(), weights.tolist(), strict=True))


def _joined(weighed: dict[str, float], *texts: str) -> list[str]:
    """Terms, heaviest first, neighbours in all texts joined, parts of longer ones gone."""
    weighed = dict(sorted(weighed.items(), key=_heaviest_first)[:MOST_JOINED])
    joined, fresh = dict(weighed), dict(weighed)
    while fresh:
        pairs = [(left + right, fresh[left] + weighed[right]) for left, right in product(fresh, weighed)]
        fresh = {
            whole: weight
            for whole, weight in pairs
            if len(whole) <= LONGEST_TERM and whole not in joined and all(whole in text for text in texts)
        }
        joined |= fresh
    heaviest = [term for term, _ in sorted(joined.items(), key=_heaviest_first)]
    return [term for term in heaviest if not any(term != other and term in other for other in joined)]


def _with_what_turns_it(term: str, *texts: str) -> str:
    """耐海水腐蚀, not 海水腐蚀, where both write it so: the character that turns the meaning belongs to the term."""
    return next((turn + term for turn in TURNS if all(turn + term in text for text in texts)), term)


def _heaviest_first(weighed: tuple[str, float]) -> tuple[float, str]:
    term, weight = weighed
    return -round(weight, 9), term


def _as_written(term: str, text: str) -> str:
    span = first_span(text, term)
    return text[slice(*span)] if span else term
