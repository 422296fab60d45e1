"""Where the quantities of a text stand: the clause, the sentence and the section around each."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from apps.engine.indicator_phrases import opens_parenthesis
from apps.engine.indicator_standing import is_start_of_change, section_after
from apps.engine.quantities import Quantity, find_quantities, fold_figures

_SENTENCE_END = re.compile(r"[。；;！!？?\n\r]")
_FULL_STOP = re.compile(
    r"[。!?\n\r]|[;；](?=\s*(?:[（(]?\d{1,2}[)）.．、]|[①-⑳]|[-•·●■◆]|[（(]?[一二三四五六七八九十]+[、.)）]))"
)
_CLAUSE_END = re.compile(r"[，、]|,(?!\d{3})|(?<!\d),|(?=[①-⑳])")
_PARENTHESIS = re.compile(r"[（(][^（()）\n]{1,40}[)）]")
_COMMA = re.compile(r"[，,。；;\n\r]")
FARTHEST = 120
"""Characters around a quantity that are looked at: a text without any stop must not take forever."""
LONGEST_WORDING = 48
"""Characters before a quantity in which its name is looked for."""
MOST_FIGURES = 800
"""Figures of a text that are read: whoever pastes a log of measurements gets an answer in the same time."""


@dataclass(frozen=True, slots=True)
class Place:
    """A quantity where it stands. `folded` is the text in half width and lower case, of the same length as `raw`.

    `previous_end` is where the quantity before it ended, `is_after_start` whether that one was where a change starts
    ("由60%提高到"), `section` "now" or "goal" under a heading that says so.
    """

    raw: str
    folded: str
    quantity: Quantity
    sentence_start: int
    sentence_end: int
    clause_start: int
    clause_end: int
    previous_end: int
    is_after_start: bool
    section: str

    @property
    def left(self) -> str:
        """The raw clause up to the quantity, after the one before it."""
        start = max(self.clause_start, self.previous_end, self.quantity.start - LONGEST_WORDING)
        return self.raw[start : self.quantity.start]

    @property
    def listing_start(self) -> int:
        """Where the list begins that ends in the quantity: after the last comma, but not after a 、."""
        start = max(self.sentence_start, self.quantity.start - FARTHEST)
        stops = [found.end() for found in _COMMA.finditer(self.folded, start, self.quantity.start)]
        return max(stops, default=start)

    @property
    def listing(self) -> str:
        return self.raw[self.listing_start : self.quantity.start]

    @property
    def clause_before(self) -> str:
        """The raw clause before this one, in the same sentence."""
        stop = max(self.clause_start - 1, self.sentence_start)
        start = max(self.sentence_start, stop - LONGEST_WORDING // 2)
        return re.split(r"[，,、]", self.raw[start:stop])[-1]

    @property
    def clause_left(self) -> str:
        return self.folded[self.clause_start : self.quantity.start]

    @property
    def clause(self) -> str:
        return self.folded[self.clause_start : self.clause_end]

    @property
    def sentence(self) -> str:
        start = max(self.sentence_start, self.quantity.start - FARTHEST)
        return self.folded[start : min(self.sentence_end, self.quantity.end + FARTHEST)]

    @property
    def before(self) -> str:
        """What was said up to the end of the quantity since the last full stop or numbered item.

        A semicolon ends no thought: "炉温通常在1400℃；碱度0.3~1.5" tells the present in both parts.
        """
        start = max(0, self.quantity.start - 2 * FARTHEST)
        stops = [found.end() for found in _FULL_STOP.finditer(self.folded, start, self.quantity.start)]
        return self.folded[max(stops, default=start) : self.quantity.end]

    @property
    def right(self) -> str:
        return self.folded[self.quantity.end : self.quantity.end + 16]

    @property
    def after(self) -> str:
        return self.folded[self.quantity.end : min(self.sentence_end, self.quantity.end + FARTHEST)]

    @property
    def written(self) -> str:
        return self.folded[self.quantity.start : self.quantity.end]


def places(raw: str) -> Iterator[Place]:
    """Every quantity that can be a figure of something (it has a unit or is compared), in its place."""
    folded = fold_figures(raw)
    ends = [found.start() for found in _SENTENCE_END.finditer(folded)]
    starts = [0, *(end + 1 for end in ends)]
    plain = _PARENTHESIS.sub(lambda found: "x" * len(found[0]), folded)  # a comma in parentheses ends no clause
    clauses = sorted([*starts, *(found.end() for found in _CLAUSE_END.finditer(plain))])
    sections = _sections(folded, starts)
    figures = (quantity for quantity in find_quantities(raw) if quantity.unit or quantity.is_explicit)
    previous, after_start = 0, False
    for quantity in islice(figures, MOST_FIGURES):
        line, clause = bisect_right(starts, quantity.start) - 1, bisect_right(clauses, quantity.start)
        next_clause = clauses[clause] if clause < len(clauses) else len(raw)
        place = Place(
            raw=raw,
            folded=folded,
            quantity=quantity,
            sentence_start=starts[line],
            sentence_end=max(ends[line] if line < len(ends) else len(raw), quantity.end),
            clause_start=max(clauses[clause - 1], quantity.start - FARTHEST),
            clause_end=max(min(next_clause, quantity.end + FARTHEST), quantity.end),
            previous_end=previous,
            is_after_start=after_start,
            section=sections[line],
        )
        yield place
        after_start = is_start_of_change(place.left, place.right)
        if not opens_parenthesis(place.left):
            previous = quantity.end


def _sections(folded: str, starts: list[int]) -> list[str]:
    """For each sentence, whether it stands under a heading of the present ("现有工作基础") or of the goals."""
    section, sections = "", []
    for start in starts:
        section = section_after(folded[start : start + 40].split("\n", maxsplit=1)[0], section)
        sections.append(section)
    return sections
