"""How far scores drift between two builds of the index, whose frequencies are those of its last build.

A build is due when 5 % of the rows have changed. Of a corpus without them the frequencies are counted, then 5 % are
added: drawn by chance, or all of one industry chain that the corpus did not know before, as when a city opens to a
trade. The same needs rank the same listings by the old frequencies and by those of a build made now; of the twenty that
the new build puts first it is told how far their points lie apart, and how many of them the old one has among its own.
Texts, tags and figures, without an encoder: what does not drift would only dilute the difference.

    .venv/bin/python -m benchmarks.quality.drift          # 3,000 listings; another number as argument
"""

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from apps.engine.blend import Parameters
from apps.engine.documents import Document
from apps.engine.index.batch import Batch, chosen
from apps.engine.scoring import Scorer
from apps.engine.search import search
from benchmarks.corpus import capabilities, needs
from benchmarks.installation import counter
from benchmarks.prepared import new_scorer

SHARE = 0.05
SIZE, DRAWS, CHAINS, NEEDS, DEPTH = 3_000, 3, 4, 40, 20

type Rows = NDArray[np.int64]
type Drift = tuple[list[float], list[float]]
"""Differences in points, and the shares of the first places that stayed."""


def main(size: int = SIZE) -> None:
    documents = capabilities(size)
    whole = Batch(documents, counter().count(documents), {"id": np.arange(size)}, [()] * size)
    asked, chance, added = needs(NEEDS), np.random.default_rng(1), int(SHARE * size)
    draws = [chance.permutation(size) for _ in range(DRAWS)]
    by_chance = [_drift(whole, np.sort(rows), np.sort(rows[added:]), asked) for rows in draws]
    new_trade = [_drift(whole, *_without(documents, chain, added), asked) for chain in _chains(documents, added)]
    print("| added | mean | 95 % | largest | of the first twenty the same |")
    print("| --- | --- | --- | --- | --- |")
    for name, found in (("by chance", by_chance), ("a chain unknown before", new_trade)):
        points, same = (np.concatenate([drift[part] for drift in found]) for part in (0, 1))
        mean, most, largest, kept = points.mean(), np.quantile(points, 0.95), points.max(), same.mean()
        print(f"| {name} | {mean:.2f} | {most:.2f} | {largest:.2f} | {kept:.3f} |")


def _drift(whole: Batch, now: Rows, before: Rows, asked: Sequence[Document]) -> Drift:
    """`now`: the rows there are; `before`: those that the last build knew."""
    there = chosen(whole, now)
    old, new = (_scorer(chosen(whole, rows)) for rows in (before, now))
    layouts = [scorer.lay_out(there.documents, there.counted) for scorer in (old, new)]
    points: list[float] = []
    same: list[float] = []
    for need in asked:
        by_old, by_new = (
            search(scorer, scorer.query(need, of_need=True), layout)
            for scorer, layout in zip((old, new), layouts, strict=True)
        )
        known = dict(zip(by_old.rows.tolist(), by_old.points.tolist(), strict=True))
        first = by_new.rows[:DEPTH].tolist()
        points += [abs(known[row] - now) for row, now in zip(first, by_new.points[:DEPTH].tolist(), strict=True)]
        same.append(len(set(first) & set(by_old.rows[:DEPTH].tolist())) / DEPTH)
    return points, same


def _scorer(known: Batch) -> Scorer:
    return new_scorer(Parameters()).fit(known.documents, known.counted)


def _chains(documents: Sequence[Document], least: int) -> list[str]:
    """Some industry chains that so many listings bear."""
    codes, counts = np.unique([code for d in documents for code in d.tags if _is_chain(code)], return_counts=True)
    return [str(code) for code in codes[counts >= least]][:CHAINS]


def _is_chain(code: str) -> bool:
    return counter().taxonomy.vocabulary(code) == "industry_chain"


def _without(documents: Sequence[Document], chain: str, added: int) -> tuple[Rows, Rows]:
    """The rows with some of the chain, and without any of it."""
    bears = np.array([chain in document.tags for document in documents])
    before = np.flatnonzero(~bears)
    return np.sort(np.concatenate([before, np.flatnonzero(bears)[:added]])), before


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
