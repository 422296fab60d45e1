"""In how many texts of the trade a term occurs: what a corpus of ten capabilities cannot know by itself."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from apps.engine.terms import TermShares

FEWEST = 2
"""A term of a single text says nothing of how common it is."""


class Background:
    """Terms (words, single characters and pairs alike) and the share of texts that contain them."""

    def __init__(self, shares: dict[str, float]) -> None:
        self.shares = shares

    def share(self, term: str) -> float:
        """The share of the trade's texts that contain the term, 0.0 where it was not counted."""
        return self.shares.get(term, 0.0)

    @cached_property
    def term_shares(self) -> TermShares:
        """All shares, by the numbers of the terms."""
        return TermShares.of(self.shares.items())


def count_texts(texts: Iterable[str], cuts: Sequence[Callable[[str], list[str]]]) -> Iterator[str]:
    """The lines of a background file: the number of texts, then each term of at least FEWEST texts with its count."""
    counted: Counter[str] = Counter()
    total = 0
    for text in texts:
        counted.update({term for cut in cuts for term in cut(text)})
        total += 1
    yield str(total)
    for term, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        if count >= FEWEST:
            yield f"{term}\t{count}"


def read_background(lines: Iterable[str]) -> Background:
    """The background of such lines. ValueError where they are none."""
    head, *rest = lines
    total = int(head)
    pairs = (line.split("\t") for line in rest)
    shares = {term: int(count) / total for term, count in pairs}
    if not all(0 < share <= 1 for share in shares.values()):
        raise ValueError("a term cannot occur in more texts than there are")
    return Background(shares)
