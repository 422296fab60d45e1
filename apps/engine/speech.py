"""A sentence as it grows: clauses made of fixed wording and of words that one of the two sides wrote itself.

Whatever is not fixed wording goes in as a `Quote` that names whose it is, so that a test can hold every sentence
against the texts it speaks of.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from zlib import crc32

type Owner = Literal["need", "capability", "both", "verdict"]
"""Whose words these are; "both" have written them, a "verdict" is what a comparison of two figures came to."""

LONGEST_QUOTE = 32
_SPACES = re.compile(r"\s+")
_INNER = str.maketrans('“”‘’"', "‘’‘’'")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of one side (or of both), as they stand in the sentence."""

    owner: Owner
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of Chinese, and everything in it that is not fixed wording."""

    text: str
    quotes: tuple[Quote, ...]


type Words = Quote | Sequence[Quote] | str | int


@dataclass(slots=True)
class Draft:
    """A sentence in the making. `seed` picks among wordings that say the same: the same pair, the same choice."""

    seed: str
    text: str = ""
    quotes: list[Quote] = field(default_factory=list)

    def say(self, *wordings: str, **words: Words) -> None:
        """Add one of the wordings, its {slots} filled; several quotes for one slot are listed with 、."""
        chosen = wordings[crc32(f"{self.seed}{wordings[0]}".encode(errors="replace")) % len(wordings)]
        spoken = {slot: self._spoken(value) for slot, value in words.items() if f"{{{slot}}}" in chosen}
        self.text += chosen.format(**spoken)

    def sentence(self) -> Sentence:
        return Sentence(f"{self.text}。", tuple(self.quotes))

    def _spoken(self, value: Words) -> str:
        if isinstance(value, str | int):
            return str(value)
        quotes = (value,) if isinstance(value, Quote) else tuple(value)
        self.quotes += quotes
        return "、".join(quote.text for quote in quotes)


def quoted(owner: Owner, text: str) -> Quote:
    """A title or a clause in quotation marks: on one line, cut where it is long, inner quotation marks single."""
    line = "".join(c for c in _SPACES.sub(" ", text).strip() if c.isprintable()).translate(_INNER)
    return Quote(owner, f"“{line}”" if len(line) <= LONGEST_QUOTE else f"“{line[: LONGEST_QUOTE - 1]}…”")
