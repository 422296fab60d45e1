"""No hidden cell can be worked out: neither from the total and the other cells, nor by knowing the method."""

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Sequence

import pytest

from apps.stats.open_data.suppression import Cell, published

THRESHOLD = 5
MOST = 17


def cell(number: int, place: int) -> Cell:
    """Of as many companies as it has rows: nothing but its size is small."""
    return Cell(Counter({place * 1000 + n: 1 for n in range(number)}))


def shown(numbers: tuple[int, ...], order: Sequence[int] = range(20)) -> tuple[int | None, ...]:
    cells = {str(n): cell(number, n) for n, number in enumerate(numbers)}
    found = published(cells, THRESHOLD, lambda name: order.index(int(name)))
    return tuple(None if cell is None else cell.value for cell in (found.total, *found.cells.values()))


def test_who_knows_the_method_and_tries_all_tables_cannot_tell_a_hidden_cell() -> None:
    alike: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for numbers in itertools.product(range(MOST + 1), repeat=4):
        if sum(numbers) <= MOST:  # all tables of these totals: none that looks alike is left out
            for order in itertools.permutations(range(4)):  # that one is secret
                alike[shown(numbers, order)].append(numbers)
    for answer, tables in alike.items():
        for place, value in enumerate(answer[1:]):
            if value is None:
                assert len({table[place] for table in tables}) > 2, (answer, tables)


def test_the_bounds_of_each_hidden_cell_are_wide() -> None:
    """From the total minus the others, knowing that hidden cells are not empty."""
    chance = random.Random(7)
    hidden_at_all = 0
    for _ in range(3000):
        numbers = tuple(chance.choice([0, 1, 2, 3, 4, 5, 7, 12, 40]) for _ in range(chance.randrange(2, 14)))
        total, *cells = shown(numbers)
        hidden = [place for place, value in enumerate(cells) if value is None]
        for place, value in enumerate(cells):
            assert value in (None, numbers[place])
            assert value is None or value == 0 or value >= THRESHOLD
        if not hidden or total is None:
            continue
        hidden_at_all += 1
        left = total - sum(value for value in cells if value is not None)
        if len(hidden) < len(cells):  # else everything is withheld, zeros too
            assert left - (len(hidden) - 1) >= THRESHOLD
        assert len(hidden) >= 2
    assert hidden_at_all > 500


def test_many_rows_of_few_companies_are_hidden() -> None:
    one = Cell(Counter({1: 40}))
    others = {str(n): cell(20, n) for n in range(2, 5)}
    found = published({"1": one, **others}, THRESHOLD, str)
    assert found.cells["1"] is None
    assert sum(value is None for value in found.cells.values()) == 2


def test_money_of_one_company_is_hidden() -> None:
    many = Counter(dict.fromkeys(range(10), 2))
    one_has_most = Cell(many, Counter(dict.fromkeys(range(9), 1) | {9: 1000}))
    shared = Cell(many, Counter(dict.fromkeys(range(10), 100)))
    assert not one_has_most.is_safe(THRESHOLD)
    much = Cell(many, Counter(dict.fromkeys(range(10), 300)))
    found = published({"a": one_has_most, "b": shared, "c": much}, THRESHOLD, str)
    assert found.cells["a"] is None


@pytest.mark.parametrize("numbers", [(0, 0, 0), (5, 0, 0), (50, 6, 7)])
def test_what_is_large_or_empty_is_shown(numbers: tuple[int, ...]) -> None:
    assert shown(numbers) == (sum(numbers), *numbers)


def test_a_small_total_is_hidden_with_all_its_parts() -> None:
    assert shown((1, 2, 0)) == (None, None, None, None)
