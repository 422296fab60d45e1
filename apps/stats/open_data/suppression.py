"""Which cells of a published table are hidden, so that nobody can be told from it: a cell too small, one that too few
companies make up, one that a single company makes up almost alone; and as many others that none of these can be
worked out from the total. The method in words: docs/open_statistics.md.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

FEWEST_COMPANIES = 3
LARGEST_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Cell:
    """What is counted in one category, by company; `amounts` only where the cell is money."""

    numbers: Counter[int]
    amounts: Counter[int] | None = None

    @property
    def number(self) -> int:
        return self.numbers.total()

    @property
    def value(self) -> int:
        return self.number if self.amounts is None else self.amounts.total()

    def is_safe(self, threshold: int) -> bool:
        if self.number < threshold or len(+self.numbers) < FEWEST_COMPANIES:
            return False
        if not self.amounts or self.value <= 0:
            return True
        return max(self.amounts.values()) <= LARGEST_SHARE * self.value


def together(cells: "list[Cell]") -> Cell:
    numbers: Counter[int] = Counter()
    amounts: Counter[int] = Counter()
    for cell in cells:
        numbers.update(cell.numbers)
        amounts.update(cell.amounts or {})
    is_money = any(cell.amounts is not None for cell in cells)
    return Cell(numbers, amounts if is_money else None)


@dataclass(frozen=True, slots=True)
class Published:
    """The total, and the cells by category; None is hidden. `is_withheld`: no cell is published, zeros neither."""

    total: Cell | None
    cells: dict[str, Cell | None]
    is_withheld: bool = False


def published(cells: Mapping[str, Cell], threshold: int, rank: Callable[[str], Any]) -> Published:
    """Of categories that share the total out among them: each row counts in one.

    `rank` orders the categories that are hidden beside those too small. It must be secret, and know nothing of what
    they hold: whoever knew that the smallest comes first, or the last, could tell the small ones from the others.
    """
    whole = together(list(cells.values()))
    if not whole.number:
        return Published(whole, dict(cells))
    nothing: dict[str, Cell | None] = dict.fromkeys(cells)
    if not whole.is_safe(threshold):
        return Published(None, nothing, is_withheld=True)
    filled = {name: cell for name, cell in cells.items() if cell.number}
    hidden = {name for name, cell in filled.items() if not cell.is_safe(threshold)}
    others = sorted(filled.keys() - hidden, key=rank)
    while hidden and not _is_hidden_well([filled[name] for name in hidden], threshold):
        if not others:
            return Published(whole, nothing, is_withheld=True)
        hidden.add(others.pop())
    return Published(whole, {name: None if name in hidden else cell for name, cell in cells.items()})


def _is_hidden_well(hidden: list[Cell], threshold: int) -> bool:
    """Everybody can work out what the hidden cells are together, and knows that none is empty.

    So each may be anything from 1 to what is left when the others are 1: that has to reach the threshold, and what
    they are together has to be fit to be published itself.
    """
    group = together(hidden)
    return len(hidden) >= 2 and group.number - len(hidden) + 1 >= threshold and group.is_safe(threshold)
