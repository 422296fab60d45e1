"""Terms as numbers, so that a million documents are counted, sorted and compared without a Python object a term.

A term of up to three characters is written into its number (21 bits a character, the first one lowest, each code point
plus one, so that no character is 0) and can be read from it. A longer one is a hash of 63 bits with the top bit set:
the sum, modulo 2⁶⁴, of one random number for each (place, character), as in Zobrist, "A new hashing method with
application for game playing" (1970), drawn and finished by splitmix64 (Steele, Lea, Flood, "Fast splittable
pseudorandom number generators", OOPSLA 2014). Among ten million terms two share a number with a chance of 1 in 180,000.

Ascending numbers are ascending lengths: characters, then pairs, then threes, then what is longer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

type Codes = NDArray[np.uint64]
type Points = NDArray[np.uint32]
"""Unicode code points."""
type Places = NDArray[np.int64]

BITS = 21
LONGEST_WRITTEN = 3
"""Characters that fit into a number beside its top bit."""

_HASHED = np.uint64(1 << 63)
_SHIFT = np.uint64(BITS)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class TermShares:
    """What share of something each of many terms has. `codes` ascending, `values` beside them."""

    codes: Codes
    values: NDArray[np.float64]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, float]]) -> Self:
        """Of (term, share) pairs; of a term that occurs twice the last share holds."""
        known = dict(pairs)
        codes, values = codes_of(list(known)), np.fromiter(known.values(), np.float64, len(known))
        order = np.argsort(codes)
        return cls(codes[order], values[order])

    def shares(self, codes: Codes) -> NDArray[np.float64]:
        """The share of each code, in their order; 0.0 where it is unknown."""
        if not len(self.codes):
            return np.zeros(len(codes))
        places = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[places] == codes, self.values[places], 0.0)


class Vocabulary:
    """Gives each new term the next number, 0 first."""

    def __init__(self) -> None:
        self._ordered: Codes = np.empty(0, np.uint64)
        self._numbers: NDArray[np.int32] = np.empty(0, np.int32)

    def __len__(self) -> int:
        return len(self._ordered)

    @property
    def codes(self) -> Codes:
        """The terms by number."""
        codes = np.empty_like(self._ordered)
        codes[self._numbers] = self._ordered
        return codes

    def numbers_of(self, codes: Codes) -> NDArray[np.int32]:
        """The number of each term, in their order; terms that are new are taken in, in the order of their codes."""
        places = self._places(codes)
        if len(self) and (known := self._ordered[places] == codes).all():
            return self._numbers[places]
        self._take_in(distinct(codes[~known] if len(self) else codes))
        return self._numbers[self._places(codes)] if len(codes) else np.empty(0, np.int32)

    def _places(self, codes: Codes) -> Places:
        return np.minimum(np.searchsorted(self._ordered, codes), max(len(self) - 1, 0))

    def _take_in(self, codes: Codes) -> None:
        places = np.searchsorted(self._ordered, codes)
        fresh = np.arange(len(self), len(self) + len(codes), dtype=np.int32)
        self._ordered, self._numbers = np.insert(self._ordered, places, codes), np.insert(self._numbers, places, fresh)


def codes_of(terms: Sequence[str]) -> Codes:
    """The number of each term, in their order."""
    lengths = np.fromiter(map(len, terms), np.int64, len(terms))
    return codes_at(points_of("".join(terms)), np.cumsum(lengths) - lengths, lengths)


def points_of(text: str) -> Points:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32, copy=False)


def codes_at(points: Points, starts: Places, lengths: Places) -> Codes:
    """The numbers of the terms that stand at points[start : start + length]."""
    # two zeros beyond the end, so that the second and third character of the last term can be asked for
    shifted = np.concatenate([points.astype(np.uint64) + np.uint64(1), np.zeros(LONGEST_WRITTEN, np.uint64)])
    codes = np.where(lengths > 0, shifted[starts], np.uint64(0))
    for place in range(1, LONGEST_WRITTEN):
        here = shifted[starts + np.minimum(place, lengths)] << np.uint64(place * BITS)
        codes |= np.where(lengths > place, here, np.uint64(0))
    long = np.flatnonzero(lengths > LONGEST_WRITTEN)
    if len(long):
        codes[long] = _hashes(shifted, starts[long], lengths[long])
    return codes


def distinct(codes: Codes) -> Codes:
    """Each code once, ascending: by sorting, which for millions of codes takes a tenth of np.unique's hash table."""
    ordered = np.sort(codes)
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def text_of(code: int) -> str | None:
    """The term a number was made of; None for a hashed one, which cannot be read."""
    if code >> 63:
        return None
    points = [code >> (place * BITS) & ((1 << BITS) - 1) for place in range(LONGEST_WRITTEN)]
    return "".join(chr(point - 1) for point in points if point)


def _hashes(shifted: Codes, starts: Places, lengths: Places) -> Codes:
    """Hashes of terms of one character and more."""
    firsts = np.cumsum(lengths) - lengths
    places = np.arange(int(lengths.sum())) - np.repeat(firsts, lengths)
    characters = shifted[np.repeat(starts, lengths) + places]
    drawn = _splitmix64(characters | places.astype(np.uint64) << _SHIFT)
    return _splitmix64(np.add.reduceat(drawn, firsts)) | _HASHED


def _splitmix64(numbers: Codes) -> Codes:
    """The output of splitmix64 for each state; it maps 64 bits onto 64 bits one to one."""
    mixed = numbers + _GOLDEN
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
