"""Chinese characters, their pairs, and other words whole, taken from many texts at once.

What `tokens.characters_and_bigrams` gives for one text, as numbers (terms.py) and in any order.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from apps.engine.terms import Codes, Places, Points, codes_at, points_of

type Classes = NDArray[np.uint8]

IN_WORDS = np.uint8(1)
"""A letter or digit of any script: \\w without the underscore."""
LETTER = np.uint8(2)
CHINESE = np.uint8(4)

FIRST_CHINESE, LAST_CHINESE = 0x3400, 0x9FFF
"""What counts as a Chinese character. The rare ones of later planes stay whole words, like Latin ones."""

_BASIC_PLANE = 1 << 16
_BETWEEN = "\n"
"""Stands in no normalised text and in no term."""


def character_terms(texts: Sequence[str]) -> tuple[Codes, Places]:
    """The terms of each normalised text, those of text i at codes[starts[i] : starts[i + 1]]."""
    points = points_of(_BETWEEN.join(texts))
    classes = classes_of(points)
    chinese = classes & CHINESE > 0
    single = np.flatnonzero(chinese)
    pair = np.flatnonzero(chinese[:-1] & chinese[1:])
    whole, length = _runs(classes & (IN_WORDS | CHINESE) == IN_WORDS)
    places = np.concatenate([single, pair, whole])
    lengths = np.concatenate([np.ones_like(single), np.full_like(pair, 2), length])
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + len(_BETWEEN))
    return _by_text(codes_at(points, places, lengths), np.searchsorted(ends, places, side="right"), len(texts))


def classes_of(points: Points) -> Classes:
    """What each code point is: a sum of IN_WORDS, LETTER and CHINESE."""
    classes = _basic_classes()[np.minimum(points, _BASIC_PLANE - 1)]
    beyond = np.flatnonzero(points >= _BASIC_PLANE)
    if len(beyond):
        distinct, which = np.unique(points[beyond], return_inverse=True)
        classes[beyond] = np.array([_class_of(chr(point)) for point in distinct], dtype=np.uint8)[which]
    return classes


@cache
def _basic_classes() -> Classes:
    classes = np.array([_class_of(chr(point)) for point in range(_BASIC_PLANE)], dtype=np.uint8)
    classes[FIRST_CHINESE : LAST_CHINESE + 1] |= CHINESE
    return classes


def _class_of(character: str) -> int:
    if not character.isalnum():
        return 0
    return int(IN_WORDS) if character.isdecimal() else int(IN_WORDS | LETTER)


def _runs(inside: NDArray[np.bool_]) -> tuple[Places, Places]:
    """Starts and lengths of the longest runs of True."""
    edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    return edges[::2], edges[1::2] - edges[::2]


def _by_text(codes: Codes, text: Places, count: int) -> tuple[Codes, Places]:
    """The codes sorted by the text they are of."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(text, minlength=count))])
    return codes[np.argsort(text, kind="stable")], starts
