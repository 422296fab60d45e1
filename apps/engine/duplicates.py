"""Near-duplicates: the same result listed twice, a need posted again.

Two texts resemble each other as far as they share shingles (pairs of neighbouring characters, Latin words whole):

    J(A, B) = |A ∩ B| / |A ∪ B|                                         Jaccard
    P(min h(A) = min h(B)) = J(A, B)   for a random hash function h     Broder, "On the resemblance and containment
                                                                        of documents", SEQUENCES 1997
    P(a band agrees) = 1 - (1 - J⁴)³²                                   32 bands of 4 minima: 0.87 at J = 0.5,
                                                                        0.0002 at J = 0.05

So 128 minima stand for a text of any length, and texts that agree in a whole band are found by looking keys up, not by
comparing all pairs. What is found is then compared as it is written, for resemblance alone deceives: a template that
says 铝合金 here and 镁合金 there shares nine shingles of ten. Where each title holds a character that the other listing
nowhere uses, they speak of two things.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from apps.engine.generic_words import GENERIC_WORDS
from apps.engine.text import normalise
from apps.engine.tokens import bigrams

type Signature = NDArray[np.uint32]

METHOD = "minhash-2"
"""Changes whenever signatures or keys change; kept beside them."""
SAME_FROM = 0.5
"""Resemblance from which two listings say the same, unless their titles contradict; docs/matching.md has figures."""
SAME_TITLES_FROM = 0.7
"""The same where there are only titles to compare: with few shingles one word more is already another subject."""
FEWEST_SHINGLES = 3
"""A listing that says less ("技术开发") is nobody's duplicate."""

_BANDS, _ROWS = 32, 4
_EMPTY = np.uint32(0xFFFFFFFF)
_WORDING = "装备 成套 套 及其 新 研制 制作 技术 办法 措施 途径 的 之 了 与 和 及 或 在 用 对 其 于 型 式 类 种"
_SAYS_NOTHING = re.compile("|".join(sorted({*GENERIC_WORDS, *_WORDING.split()}, key=lambda word: (-len(word), word))))
_TOKENS = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")


@dataclass(frozen=True)
class Listing:
    """What is compared of a need or a capability."""

    title: str
    body: str = ""

    @cached_property
    def shingles(self) -> frozenset[str]:
        """Those of the whole text."""
        return _shingles(f"{self.title}\n{self.body}")

    @cached_property
    def title_shingles(self) -> frozenset[str]:
        """Those of what the title says beside words that stand in any title."""
        return _shingles(_telling(self.title))

    @cached_property
    def title_tokens(self) -> frozenset[str]:
        """The characters, and Latin words and numbers whole, of what the title says."""
        return frozenset(_TOKENS.findall(_telling(self.title)))

    @cached_property
    def tokens(self) -> frozenset[str]:
        return frozenset(_TOKENS.findall(normalise(f"{self.title}\n{self.body}")))

    @cached_property
    def signature(self) -> Signature:
        """128 minima; all alike for a text without a shingle."""
        return _minima(self.shingles)

    @property
    def says_something(self) -> bool:
        return len(self.title_shingles) >= FEWEST_SHINGLES or len(_shingles(_telling(self.body))) >= FEWEST_SHINGLES

    def keys(self, kind: str) -> list[int]:
        """What near-duplicates of a kind ("need") are found by: signed 64-bit numbers, one per band, one of the title.

        A listing that says nothing has none. Two that resemble each other by half share a key in 87 of 100 cases, by
        three quarters always but for 1 in 10⁵.
        """
        if not self.says_something:
            return []
        bands = self.signature.reshape(_BANDS, _ROWS).astype("<u4")
        title = _minima(self.title_shingles).astype("<u4")
        return [_key(f"{kind}:{number}", band.tobytes()) for number, band in enumerate(bands)] + [
            _key(f"{kind}:title", title.tobytes())
        ]


def resemblance(one: Listing, other: Listing) -> float:
    """Jaccard's index of the shingles, 0 to 1."""
    return _jaccard(one.shingles, other.shingles)


def title_resemblance(one: Listing, other: Listing) -> tuple[float, float]:
    """Jaccard's index of the titles' shingles as they are written, and without words that stand in any title."""
    written = _jaccard(_shingles(one.title), _shingles(other.title))
    return written, _jaccard(one.title_shingles, other.title_shingles)


def contradict(one: Listing, other: Listing) -> bool:
    """Whether each title says something that the other listing nowhere says: another material, product or method."""
    return bool(one.title_tokens - other.tokens) and bool(other.title_tokens - one.tokens)


def are_same(one: Listing, other: Listing) -> bool:
    """Whether two listings are near-duplicates. Symmetric; a listing that says nothing has no duplicate."""
    if not (one.says_something and other.says_something) or contradict(one, other):
        return False
    if one.body.strip() and other.body.strip():
        return resemblance(one, other) >= SAME_FROM
    written, telling = title_resemblance(one, other)
    return written >= SAME_FROM and telling >= SAME_TITLES_FROM


def groups(listings: Sequence[Listing]) -> list[list[int]]:
    """The positions that belong together, through one another if need be; in order, those without a twin alone."""
    leader = list(range(len(listings)))

    def find(position: int) -> int:
        while leader[position] != position:
            leader[position] = leader[leader[position]]
            position = leader[position]
        return position

    for later in range(len(listings)):
        for earlier in range(later):
            one, other = find(earlier), find(later)
            if one != other and are_same(listings[earlier], listings[later]):
                leader[max(one, other)] = min(one, other)
    found: dict[int, list[int]] = {}
    for position in range(len(listings)):
        found.setdefault(find(position), []).append(position)
    return list(found.values())


def _telling(text: str) -> str:
    return _SAYS_NOTHING.sub(" ", normalise(text))


def _shingles(text: str) -> frozenset[str]:
    return frozenset(bigrams(text))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _minima(shingles: frozenset[str]) -> Signature:
    """For each of 128 multiply-shift hashes (Dietzfelbinger et al., 1997) the least value of any shingle."""
    if not shingles:
        return np.full(_BANDS * _ROWS, _EMPTY)
    numbers = np.array([zlib.crc32(shingle.encode()) for shingle in shingles], dtype=np.uint64)
    hashed = (_FACTORS[:, None] * numbers[None, :] + _OFFSETS[:, None]) >> np.uint64(32)
    return hashed.min(axis=1).astype(np.uint32)


def _key(name: str, data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8, person=name.encode()[:16]).digest(), signed=True)


def _numbers(name: bytes) -> NDArray[np.uint64]:
    """The same pseudo-random 64-bit numbers for ever, whatever NumPy's generators become."""
    digests = (blake2b(name, digest_size=8, salt=i.to_bytes(8)).digest() for i in range(_BANDS * _ROWS))
    return np.array([int.from_bytes(digest) for digest in digests], dtype=np.uint64)


_FACTORS = _numbers(b"factors") | np.uint64(1)
_OFFSETS = _numbers(b"offsets")
