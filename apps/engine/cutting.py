"""jieba with the words of the trade: cuts Chinese into words by the most likely path through its dictionary.

Texts for the index are cut by `rjieba`, the same algorithm with the same dictionary in Rust, ten times as fast, and by
jieba itself where that is missing. Both give the same words as long as neither guesses words that no dictionary has
(jieba's hidden Markov model, HMM), so none is guessed. Neither ships complete types: they are wrapped here.
"""

import logging
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jieba

try:
    import rjieba
except ImportError:  # no wheel for this machine
    rjieba = None  # type: ignore[assignment]  # mypy knows modules only as never absent

logging.getLogger("jieba").setLevel(logging.WARNING)

VERSION = str(jieba.__version__)
_NEVER_IN_A_TEXT = "\x01"
_JOINED = re.compile(r"[^\u4e00-\u9fd5a-z0-9]")


class Cutter:
    """jieba's dictionary and `words` besides, read at construction: half a second, a tenth with a cache.

    `cache_dir`: folder for the prepared dictionary (about 5 MB); without it nothing is written. `is_fast`: whether to
    use rjieba where it is installed.
    """

    def __init__(self, words: Sequence[str], cache_dir: Path | None = None, *, is_fast: bool = True) -> None:
        self._jieba = _tokenizer(cache_dir)
        self._counts_before: dict[str, int] = {}
        for word in words:
            self._counts_before[word] = self._jieba.FREQ.get(word, 0)
            self._jieba.add_word(word)
        self._search: Callable[..., list[str]] | None = None
        self._cut_otherwise: frozenset[str] = frozenset()
        if is_fast and rjieba is not None:
            self._accelerate(rjieba.Jieba())

    def for_search(self, plain: str) -> list[str]:
        """Every word of a text in order, signs and spaces too, a long word after the shorter ones inside it."""
        if self._search is None:
            return self._plainly(plain)
        words = self._search(plain, False)
        return words if self._cut_otherwise.isdisjoint(words) else self._plainly(plain)

    def pieces(self, text: str) -> list[str]:
        """The text cut into words, also such as no dictionary has, signs and spaces: joined they are the text."""
        return list(self._jieba.cut(text))

    def count(self, word: str) -> int:
        """How often jieba counted the word in general Chinese; 0 for one that only the trade has."""
        return int(self._counts_before.get(word, self._jieba.FREQ.get(word, 0)))

    def counts(self) -> dict[str, int]:
        """The count of every word that has one."""
        return {word: count for word, count in (self._jieba.FREQ | self._counts_before).items() if count > 0}

    @property
    def total(self) -> int:
        """The sum that jieba divides counts by."""
        return int(self._jieba.total)

    def _plainly(self, plain: str) -> list[str]:
        return list(self._jieba.cut_for_search(plain, HMM=False))

    def _accelerate(self, fast: Any) -> None:
        for word in self._counts_before:
            fast.add_word(word, self._jieba.FREQ[word], None)
        # jieba adds the count of a word that had one to its total, rjieba replaces it; the totals must be the same
        fast.add_word(_NEVER_IN_A_TEXT, sum(self._counts_before.values()), None)
        self._search = fast.cut_for_search
        # rjieba also gives the parts of "lc-ms", jieba only what its dictionary has of them
        joined = filter(_JOINED.search, self._counts_before)
        self._cut_otherwise = frozenset(word for word in joined if self._search(word, False) != self._plainly(word))


def _tokenizer(cache_dir: Path | None) -> Any:
    tokenizer = jieba.Tokenizer()
    if cache_dir is None:
        # jieba's own way would write its cache into the system's shared temporary folder
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
        tokenizer.initialized = True
    else:
        cache_dir.mkdir(parents=True, exist_ok=True)
        tokenizer.tmp_dir = str(cache_dir)
        tokenizer.initialize()
    return tokenizer
