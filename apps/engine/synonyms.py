"""Several names of one thing brought to one: PLA and 聚乳酸, PTFE and 铁氟龙, CNC and 数控, MPa and 兆帕."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np

from apps.engine.terms import Points, points_of
from apps.engine.text import normalise

_LATIN = re.compile(r"[a-z0-9]")
_BETWEEN = "\n"
"""Stands in no normalised text."""

_NUMBER_BITS = 18
_FACTOR = np.uint32(0x9E3779B1)
"""2³² over the golden ratio, prime: spreads over all bits (Knuth, The Art of Computer Programming, 6.4)."""


class Names:
    """Groups of names, found in normalised texts: the longest first, never overlapping, Latin ones only whole.

    The first name of a group is its canonical one. A name of several groups belongs to the first of them. 聚乙烯 is not
    found inside 聚乙烯醇 where both are names, nor "led" in "failed"; "mpa" is found in "300mpa".
    """

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self.canonical: dict[str, str] = {}
        self.written: dict[str, tuple[str, ...]] = {}
        self._lengths: dict[str, list[int]] = {}
        for group in groups:
            self._add({plain: name.strip() for name in group if len(plain := normalise(name)) > 1})
        self._pairs, self._threes = np.zeros((2, 1 << _NUMBER_BITS), np.bool_)
        for name in self.canonical:
            (self._pairs if len(name) == 2 else self._threes)[_numbers(points_of(name[:3]), min(len(name), 3))] = True

    def find(self, text: str) -> Iterator[tuple[str, str]]:
        """(name, canonical name) of every name in a normalised text, in order."""
        return ((name, self.canonical[name]) for _start, name in self.places(text))

    def places(self, text: str) -> Iterator[tuple[int, str]]:
        """(start, name) of every name in a normalised text, or in several with a line end between them, in order."""
        end = 0
        for start in self._candidates(text):
            if start >= end and (name := self._name_at(text, start)):
                yield start, name
                end = start + len(name)

    def by_text(self, texts: Sequence[str]) -> dict[int, dict[str, str]]:
        """Place of a normalised text → name → canonical name, in order, without the texts that hold no name."""
        ends = list(accumulate(len(text) + len(_BETWEEN) for text in texts))
        found: dict[int, dict[str, str]] = {}
        for start, name in self.places(_BETWEEN.join(texts)):
            found.setdefault(bisect_right(ends, start), {})[name] = self.canonical[name]
        return found

    def _candidates(self, text: str) -> list[int]:
        """Where a name may begin: where two characters are one, or three, as far as their number tells, begin one."""
        points = points_of(text)
        begins = self._pairs[_numbers(points, 2)]
        begins[: len(text) - 2] |= self._threes[_numbers(points, 3)]
        found: list[int] = np.flatnonzero(begins).tolist()
        return found

    def _name_at(self, text: str, start: int) -> str:
        """The longest name that begins here, "" where none does."""
        for length in self._lengths.get(text[start : start + 2], ()):
            name = text[start : start + length]
            if name in self.canonical and _begins(text, start) and _ends(text, start + len(name)):
                return name
        return ""

    def _add(self, group: dict[str, str]) -> None:
        if len(group) < 2:
            return
        first = next(iter(group))
        canonical = self.canonical.get(first, first)
        fresh = [plain for plain in group if plain not in self.canonical]
        for plain in fresh:
            self.canonical[plain] = canonical
            lengths = self._lengths.setdefault(plain[:2], [])
            if len(plain) not in lengths:
                lengths.append(len(plain))
                lengths.sort(reverse=True)
        self.written[canonical] = (*self.written.get(canonical, ()), *(group[plain] for plain in fresh))


class Synonyms:
    """What a text's words are brought to.

    `groups` are names of one and the same thing: each is replaced by the first. `aliases` are looser (a vocabulary
    counts 高锰钢 and 高铬铸铁 under 耐磨钢): the first name is added to the words, which stay.
    """

    def __init__(self, groups: Iterable[Sequence[str]] = (), aliases: Iterable[Sequence[str]] = ()) -> None:
        self._same = Names(groups)
        self._kin = Names(aliases)
        self._first_names = lru_cache(maxsize=32)(self._names_by_meaning)
        self._canonical = lru_cache(maxsize=20_000)(self._canonical_name)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of `groups`, normalised: words that a segmenter should keep whole."""
        return tuple(self._same.canonical)

    @property
    def rules(self) -> tuple[object, ...]:
        """All that decides what `unify` gives."""
        return sorted(self._same.canonical.items()), sorted(self._kin.canonical.items())

    def canonical_of(self, name: str) -> str:
        """The name that its group is compared by, normalised; a name of no group is its own."""
        return self._canonical(name)

    def names_of(self, name: str) -> tuple[str, ...]:
        """Every name of the same thing as the dictionary writes them, the canonical one first."""
        return self._same.written.get(self.canonical_of(name), (name,))

    def spelling_in(self, text: str, name: str) -> str:
        """How a normalised text writes the thing first ("pla" for 聚乳酸); "" where it does not speak of it."""
        if stands_in(name, text):
            return name
        return self._first_names(text).get(self.canonical_of(name), "")

    def unify(self, text: str, words: Sequence[str]) -> list[str]:
        """The words of a normalised text with each thing under one name; names that were cut in pieces are added."""
        return self.unify_each([text], [list(words)])[0]

    def unify_each(self, texts: Sequence[str], words: Sequence[list[str]]) -> list[list[str]]:
        """The same for many texts and their words."""
        unified = list(words)
        same, kin = self._same.by_text(texts), self._kin.by_text(texts)
        for place in same.keys() | kin.keys():
            unified[place] = _unified(words[place], same.get(place, {}), kin.get(place, {}))
        return unified

    def _canonical_name(self, name: str) -> str:
        plain = normalise(name)
        return self._same.canonical.get(plain, plain)

    def _names_by_meaning(self, text: str) -> dict[str, str]:
        """Canonical name → the name a normalised text uses first."""
        found: dict[str, str] = {}
        for name, canonical in self._same.find(text):
            found.setdefault(canonical, name)
        return found


def read_synonyms(lines: Iterable[str]) -> list[tuple[str, ...]]:
    """The groups of a dictionary: "聚乳酸=PLA,…" a line, `#` for comments. ValueError names a line that is none."""
    groups = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        canonical, sign, others = line.partition("=")
        group = tuple(name.strip() for name in (canonical, *others.split(",")))
        if not sign or not all(group):
            raise ValueError(f"line {number}: canonical=other,other expected")
        groups.append(group)
    return groups


def stands_in(name: str, text: str) -> bool:
    """Whether a normalised text holds a normalised name, a Latin one whole: "pa6" is not in "pa66"."""
    start = text.find(name)
    while start >= 0 and not (_begins(text, start) and _ends(text, start + len(name))):
        start = text.find(name, start + 1)
    return start >= 0


def _unified(words: Sequence[str], same: dict[str, str], kin: dict[str, str]) -> list[str]:
    unified = [same.get(word, word) for word in words]
    present = set(unified)
    added = dict.fromkeys((*same.values(), *kin.values()))
    return unified + [name for name in added if name not in present]


def _numbers(points: Points, length: int) -> Points:
    """A number of _NUMBER_BITS for each stretch of so many points; different ones may share it."""
    count = max(len(points) - length + 1, 0)
    mixed = np.zeros(count, np.uint32)
    for place in range(length):
        mixed = mixed * _FACTOR + points[place : place + count]
    return (mixed * _FACTOR) >> np.uint32(32 - _NUMBER_BITS)


def _begins(text: str, start: int) -> bool:
    """Whether a name may begin here: not inside a Latin word; but a unit may follow its number ("300mpa")."""
    if start == 0 or not _LATIN.match(text[start]):
        return True
    return not _LATIN.match(text[start - 1]) or (text[start - 1].isdigit() and not text[start].isdigit())


def _ends(text: str, end: int) -> bool:
    return end == len(text) or not (_LATIN.match(text[end - 1]) and _LATIN.match(text[end]))
