"""Which words of general Chinese are verbs, adverbs and the like, and so end a noun phrase.

From the tags of jieba's dictionary; a word that is not listed there is taken for a noun, as most words of a trade are.
"""

from functools import cache
from importlib.resources import files

LONGEST_WORD = 4
"""Characters. Longer entries are names and sayings."""

_KEPT = frozenset("vdpcurtyeamqzlfs")


@cache
def word_classes() -> dict[str, str]:
    """Word → first letter of its tag: v verb, d adverb, p preposition, a adjective, t time ... Nouns and verbal nouns
    (检测, 处理) are left out."""
    lines = files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ") for line in lines)
    return {word: tag[0] for word, _count, tag in rows if tag[0] in _KEPT and tag != "vn" and len(word) <= LONGEST_WORD}
