"""bm25s and tantivy beside the engine, for information: time of a query and of indexing, and quality.

All are given the same terms (words, characters, pairs of characters); the engine ranks by these alone, without
meanings, tags and indicators. Quality is that on fixtures/judged, whose texts are tidier than life's: it compares, and
says little of how good any of them is. Indexing starts from terms that are cut already. The engine's query starts from
the text, the libraries' from cut terms.

    .venv/bin/python -m benchmarks.search_libraries [SIZE]
"""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from apps.engine.documents import Document
from apps.engine.matcher import Matcher
from apps.engine.metrics import ndcg, recall
from benchmarks.build_raw import built
from benchmarks.corpus import capabilities, needs
from benchmarks.figure import ROOT, Figure, percentiles, seconds_of, size_asked
from benchmarks.installation import dictionary, segmenter, taxonomy
from benchmarks.libraries import Bm25s, Library, Tantivy, Terms
from benchmarks.peers import JiebaCuts, whole_text
from benchmarks.prepared import LEXICAL, batches, index_folder
from benchmarks.ranking import DEPTH, Ranker

SIZE = 50_000
ASKED = 80
JUDGED = ROOT / "fixtures" / "judged"

type Rank = Callable[[Document], Sequence[str]]
"""A need's capabilities, best first."""
type Levels = Mapping[str, Mapping[str, int]]


def main(size: int) -> None:
    cut = _Cut()
    terms = [cut(document) for document in capabilities(size)]
    libraries: dict[str, Library] = {"bm25s": Bm25s(), "tantivy": Tantivy()}
    kept = list(batches(size))
    extras: dict[str, float] = {"ours_index_s": seconds_of(lambda: built(kept))}
    for name, library in libraries.items():
        extras[f"{name}_index_s"] = seconds_of(partial(library.index, terms))
    ranker, asked = Ranker(index_folder(size), LEXICAL), [(need, cut(need)) for need in needs(ASKED)]
    ours_s, *theirs = percentiles(
        partial(_ours, ranker), *(partial(_best, library) for library in libraries.values()), asked=asked
    )
    extras |= {f"{name}_ms": 1000 * seconds for name, seconds in zip(libraries, theirs, strict=True)}
    Figure(
        figure="search_libraries",
        title="与 bm25s、tantivy 并列：一条需求取前 20 条（p95，仅供参考）",
        size=size,
        ours=1000 * ours_s,
        peer=1000 * min(theirs),
        peer_name=f"{min(zip(theirs, libraries, strict=True))[1]} (the faster of the two)",
        unit="ms",
        extras=extras | quality(libraries, cut),
    ).report()


class _Cut:
    """A document's terms, none with a space in it."""

    def __init__(self) -> None:
        self._jieba = JiebaCuts(dictionary())

    def __call__(self, document: Document) -> Terms:
        text = whole_text(document)
        found = self._jieba.words(text) + self._jieba.characters_and_pairs(text)
        return [term.replace(" ", "_") for term in found]


def quality(libraries: Mapping[str, Library], cut: Callable[[Document], Terms]) -> dict[str, float]:
    """ndcg@10 and recall@50 of each on the judged set."""
    asked, offered = (_documents(name) for name in ("needs", "capabilities"))
    matcher = Matcher(taxonomy=taxonomy(), segmenter=segmenter(), parameters=LEXICAL).fit(offered)
    ranks: dict[str, Rank] = {
        "ours": lambda need: [match.document_id for match in matcher.rank(need, depth=0, explain=False)]
    }
    for name, library in libraries.items():
        library.index([cut(document) for document in offered])
        ranks[name] = partial(_ranking, library, offered, cut)
    levels = _levels()
    found: dict[str, float] = {}
    for name, rank in ranks.items():
        measured = [_measured(levels[need.id], rank(need)) for need in asked if need.id in levels]
        found[f"{name}_ndcg_at_10"], found[f"{name}_recall_at_50"] = (
            statistics.fmean(value for value in column if not np.isnan(value)) for column in zip(*measured, strict=True)
        )
    return found


def _ours(ranker: Ranker, question: tuple[Document, Terms]) -> None:
    ranker.hits(question[0])


def _best(library: Library, question: tuple[Document, Terms]) -> None:
    library.best(question[1], DEPTH)


def _ranking(
    library: Library, offered: Sequence[Document], cut: Callable[[Document], Terms], need: Document
) -> list[str]:
    return [offered[row].id for row in library.best(cut(need), len(offered))]


def _measured(levels: Mapping[str, int], ranking: Sequence[str]) -> tuple[float, float]:
    place = {name: place for place, name in enumerate(ranking)}
    places = np.array([place.get(name, len(ranking)) for name in levels], np.int64)
    return ndcg(list(levels.values()), places), recall(list(levels.values()), places)


def _documents(name: str) -> list[Document]:
    lines = (JUDGED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Document(row["id"], row["title"], row["description"]) for row in map(json.loads, lines)]


def _levels() -> Levels:
    levels: dict[str, dict[str, int]] = {}
    for line in (JUDGED / "judgements.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        need, capability, level = line.split("\t")
        levels.setdefault(need, {})[capability] = int(level)
    return levels


if __name__ == "__main__":
    main(size_asked(SIZE))
