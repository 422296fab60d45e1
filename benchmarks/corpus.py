"""A corpus of any size with the vocabulary and the length of real listings, made from the demo city's texts.

A listing takes the title of one capability and clauses of it and of two others, mostly of its own trade, each in one of
its wordings (clauses.py); tags, indicators, kind and cooperation modes are those of the first. The same seed gives the
same corpus, and a smaller one is the beginning of a larger. It is made in blocks, so that a million listings need no
more memory than one block.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from apps.engine.documents import Document
from benchmarks.clauses import Piece, Row, pieces

LENGTH = 180
"""Characters of a listing with its title, about: what capabilities have in practice."""
BLOCK = 5_000
ELSEWHERE = 0.15
"""How often a listing also speaks of another trade."""
WITH_DIRECTION = 0.4
"""How often a title names its direction besides."""
TODAY = date(2026, 6, 1)
"""The day on which a corpus is asked: about a quarter of the listings is past it."""
DISCLOSURES = ("public_anonymous", "public_named", "members", "brokers")
_DISCLOSURE_SHARES = (0.10, 0.75, 0.10, 0.05)
DISTRICTS = ("shinan", "shibei", "licang", "laoshan", "west_coast", "chengyang", "jimo", "jiaozhou", "pingdu", "laixi")

type Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Some listings in the order of their ids, with what an index keeps beside their texts.

    `columns`: one value per listing (id, version, organisation, disclosure as a place in DISCLOSURES, valid_until as
    date.toordinal, is_open); `facets`: what people filter by; `titles` and `wholes`: the numbers of the pieces
    (clauses.pieces().texts) in title and whole text.
    """

    documents: Sequence[Document]
    columns: Mapping[str, NDArray[np.generic]]
    facets: Sequence[tuple[str, ...]]
    titles: Sequence[Numbers]
    wholes: Sequence[Numbers]

    def __len__(self) -> int:
        return len(self.documents)


def capabilities(size: int, seed: int = 1) -> list[Document]:
    return [document for block in blocks(size, seed) for document in block.documents]


def needs(size: int = 80) -> list[Document]:
    """The demo city's own needs first, then made-up ones."""
    return list(need_block(size).documents)


def blocks(size: int, seed: int = 1) -> Iterator[Block]:
    """`size` capabilities, at most BLOCK at once."""
    trades = pieces().capabilities
    for start in range(0, size, BLOCK):
        chance = random.Random(f"{seed}/{start}")
        made = (_capability(trades, chance) for _ in range(BLOCK))
        yield _block(start, list(islice(made, size - start)), seed)


def need_block(size: int, seed: int = 1) -> Block:
    """`size` needs."""
    chance = random.Random(f"{seed}/needs")
    trades = pieces().needs
    own = [_as_it_is(row) for trade in trades for row in trade]
    made = (_need(trades, chance) for _ in range(size - len(own)))
    return _block(0, [*own[:size], *made], seed + 1)


@dataclass(frozen=True, slots=True)
class _Listing:
    row: Row
    title: str
    goal: str
    body: str
    title_pieces: Numbers
    text_pieces: Numbers
    indicators: int = 0


def _capability(trades: Sequence[Sequence[Row]], chance: random.Random) -> _Listing:
    trade = chance.choice(trades)
    row = chance.choice(trade)
    third = chance.choice(trades) if chance.random() < ELSEWHERE else trade
    pool = [*row.body, *chance.choice(trade).body, *chance.choice(third).body]
    title, goal = _title(row, chance), chance.choice(trade).goal
    worth = "".join(chance.choice(piece.wordings) for piece in goal)
    wanted = chance.gauss(LENGTH - 7, 40) - len(title) - len(worth)  # the last clause runs over by half its length
    body, numbers = _clauses(pool, wanted, chance)
    return _Listing(
        row, title, worth, body, (row.title.number,), (*_numbers(goal), *numbers), chance.randrange(len(row.indicators))
    )


def _need(trades: Sequence[Sequence[Row]], chance: random.Random) -> _Listing:
    trade = chance.choice(trades)
    row, other = chance.choice(trade), chance.choice(trade)
    goal, asked = _clauses([*row.goal, *other.goal], 75, chance)
    body, told = _clauses([*row.body, *other.body], 95, chance)
    chosen = chance.randrange(len(row.indicators))
    return _Listing(row, _title(row, chance), goal, body, (row.title.number,), (*asked, *told), chosen)


def _as_it_is(row: Row) -> _Listing:
    goal, body = ("".join(piece.wordings[0] for piece in part) for part in (row.goal, row.body))
    numbers = (*_numbers(row.goal), *_numbers(row.body))
    return _Listing(row, row.title.wordings[0], goal, body, (row.title.number,), numbers)


def _title(row: Row, chance: random.Random) -> str:
    title = chance.choice(row.title.wordings)
    if row.things and chance.random() < WITH_DIRECTION:
        return f"面向{chance.choice(row.things)}的{title}"
    return title


def _clauses(pool: list[Piece], length: float, chance: random.Random) -> tuple[str, list[int]]:
    """Clauses of the pool in any order, until they are as long as wanted."""
    chance.shuffle(pool)
    body, numbers = "", []
    while pool and len(body) < length:
        piece = pool.pop()
        body += chance.choice(piece.wordings)
        numbers.append(piece.number)
    return f"{body[:-1]}。" if body.endswith(("，", "；")) else body, numbers


def _numbers(clauses: Sequence[Piece]) -> Numbers:
    return tuple(piece.number for piece in clauses)


def _block(start: int, listings: Sequence[_Listing], seed: int) -> Block:
    ids = np.arange(start + 1, start + len(listings) + 1, dtype=np.int64)
    rng = np.random.default_rng([seed, start])
    documents = [_document(pk, listing) for pk, listing in zip(ids.tolist(), listings, strict=True)]
    districts = rng.choice(DISTRICTS, len(listings)).tolist()
    return Block(
        documents=documents,
        columns=_columns(ids, rng),
        facets=[_facets(listing.row, district) for listing, district in zip(listings, districts, strict=True)],
        titles=[listing.title_pieces for listing in listings],
        wholes=[(*listing.title_pieces, *listing.text_pieces) for listing in listings],
    )


def _document(pk: int, listing: _Listing) -> Document:
    row = listing.row
    return Document(
        id=f"{pk:012d}",
        title=listing.title,
        goal=listing.goal,
        body=listing.body,
        tags=row.tags,
        indicators=row.indicators[listing.indicators],
        kind=row.kind,
    )


def _columns(ids: NDArray[np.int64], rng: np.random.Generator) -> dict[str, NDArray[np.generic]]:
    size = len(ids)
    return {
        "id": ids,
        "version": np.ones(size, np.int32),
        "organisation": 1 + (3_000 * rng.random(size) ** 2).astype(np.int64),  # a few institutions list most
        "disclosure": rng.choice(len(DISCLOSURES), size, p=_DISCLOSURE_SHARES).astype(np.uint8),
        "valid_until": (TODAY.toordinal() + rng.integers(-120, 365, size)).astype(np.int32),
        "is_open": np.ones(size, np.bool_),
    }


def _facets(row: Row, district: str) -> tuple[str, ...]:
    kind = (f"kind:{row.kind}",) if row.kind else ()
    return (*kind, *(f"mode:{mode}" for mode in row.modes), f"district:{district}")
