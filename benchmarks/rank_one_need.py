"""How long one need takes: top 20 of SIZE capabilities with scores and reasons, lexical signals.

The peer is what one would write first: scikit-learn's TfidfVectorizer on jieba's words, linear_kernel, argsort; it
gives an order and no reasons. Both are fitted beforehand on the same corpus and timed in turn in the same run.

    .venv/bin/python -m benchmarks.rank_one_need [SIZE]
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import linear_kernel

from apps.engine.documents import Document
from apps.engine.matcher import Matcher
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter
from benchmarks.corpus import capabilities, needs

DEPTH = 20
RESULTS = Path(__file__).resolve().parent / "results"


def main(size: int) -> None:
    listings, asked = capabilities(size), needs()
    segmenter = Segmenter()
    matcher = Matcher(taxonomy=Taxonomy([]), segmenter=segmenter).fit(listings)
    vectorizer = TfidfVectorizer(tokenizer=segmenter.words, token_pattern=None, lowercase=False)
    matrix = vectorizer.fit_transform(f"{listing.title}\n{listing.body}" for listing in listings)

    def ours(need: Document) -> None:
        matcher.rank(need, depth=DEPTH)

    def peer(need: Document) -> None:
        scores = linear_kernel(vectorizer.transform([f"{need.title}\n{need.body}"]), matrix)[0]
        np.argsort(-scores)[:DEPTH]

    report(size, ours_ms=p95_ms(ours, asked), peer_ms=p95_ms(peer, asked))


def p95_ms(rank: Callable[[Document], None], asked: Sequence[Document]) -> float:
    """The 95th percentile over the needs, each timed three times and taken at its median."""
    medians = [statistics.median(_seconds(rank, need) for _ in range(3)) for need in asked]
    return 1000 * float(np.percentile(medians, 95))


def _seconds(rank: Callable[[Document], None], need: Document) -> float:
    began = time.perf_counter()
    rank(need)
    return time.perf_counter() - began


def report(size: int, *, ours_ms: float, peer_ms: float) -> None:
    ratio = ours_ms / peer_ms
    row = {"figure": "rank_one_need", "size": size, "ours": ours_ms, "peer": peer_ms, "ratio": ratio}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "rank_one_need.json").write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")
    print(f"rank_one_need | {size} | ours p95 {ours_ms:.1f} ms | peer p95 {peer_ms:.1f} ms | {ratio:.2f} ×")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
