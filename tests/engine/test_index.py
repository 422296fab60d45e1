"""An index on disk, small segments beside it, and a matcher in memory: one score for one pair."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from apps.engine.blend import Parameters, score
from apps.engine.counted import Counted, TermCounter
from apps.engine.documents import Document
from apps.engine.index.batch import Batch, chosen
from apps.engine.index.building import build_index
from apps.engine.index.opening import Index, open_index
from apps.engine.index.segment import Filter
from apps.engine.index.shelf import Shelf
from apps.engine.matcher import Matcher
from apps.engine.scoring import Scorer
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter
from tests.engine.test_search import corpus

DIMENSIONS = 16
KINDS = ("result", "expert", "laboratory")


@pytest.fixture
def scorer(taxonomy: Taxonomy, segmenter: Segmenter) -> Scorer:
    return Scorer(taxonomy, Parameters(), segmenter)


def batch_of(documents: Sequence[Document], scorer: Scorer, versions: dict[int, int] | None = None) -> Batch:
    ids = np.array([int(document.id) for document in documents], np.int64)
    return Batch(
        documents,
        scorer.counter.count(documents),
        {
            "id": ids,
            "version": np.array([(versions or {}).get(int(i), 1) for i in ids], np.int32),
            "organisation": ids % 7,
            "valid_until": (ids % 50).astype(np.int32),
        },
        [(f"kind:{KINDS[int(i) % 3]}", f"district:{int(i) % 5}") for i in ids],
    )


def batches(documents: Sequence[Document], scorer: Scorer, size: int) -> Iterator[Batch]:
    for start in range(0, len(documents), size):
        yield batch_of(documents[start : start + size], scorer)


def built(
    folder: Path, documents: Sequence[Document], needs: Sequence[Document], scorer: Scorer, size: int = 100
) -> Index:
    folder.mkdir()
    build_index(
        folder,
        capabilities=batches(documents, scorer, size),
        needs=batches(needs, scorer, size),
        scorer=scorer,
        dimensions=DIMENSIONS,
    )
    return open_index(folder)


def ranking(shelf: Shelf, need: Document, wanted: Filter | None = None, depth: int = 0) -> list[tuple[int, float]]:
    query = shelf.scorer.query(need, of_need=True)
    return [(hit.id, hit.points) for hit in shelf.search(query, wanted or Filter(), depth=depth)]


def in_memory(documents: Sequence[Document], need: Document, scorer: Scorer) -> list[tuple[int, float]]:
    matcher = Matcher(taxonomy=scorer.taxonomy, segmenter=scorer.segmenter).fit(documents)
    points = score(matcher.signals(need)).tolist()
    return sorted(
        ((int(d.id), p) for d, p in zip(documents, points, strict=True)), key=lambda pair: (-pair[1], pair[0])
    )


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_an_index_of_files_scores_as_the_matcher_in_memory(tmp_path: Path, scorer: Scorer) -> None:
    documents, needs = corpus(3, 330), corpus(4, 8)
    index = built(tmp_path / "index", documents, needs, scorer)
    shelf = Shelf(index.capabilities, scorer)
    for need in needs:
        wanted = in_memory(documents, need, scorer)
        assert ranking(shelf, need) == wanted
        assert ranking(shelf, need, depth=15) == wanted[:15]


def test_needs_are_found_for_a_capability_with_the_score_the_need_gives_it(tmp_path: Path, scorer: Scorer) -> None:
    documents, needs = corpus(3, 120), corpus(4, 40)
    index = built(tmp_path / "index", documents, needs, scorer)
    asked, offered = Shelf(index.needs, scorer), Shelf(index.capabilities, scorer)
    for capability in documents[:10]:
        found = asked.search(scorer.query(capability, of_need=False), Filter())
        assert len(found) == len(needs)
        for hit in found:
            points = dict(ranking(offered, needs[hit.id]))
            assert points[int(capability.id)] == hit.points


def test_how_the_batches_are_cut_does_not_show(tmp_path: Path, scorer: Scorer) -> None:
    documents = corpus(5, 150)
    built(tmp_path / "one", documents, documents[:20], scorer, size=1_000)
    built(tmp_path / "many", documents, documents[:20], scorer, size=17)
    one, many = files_of(tmp_path / "one"), files_of(tmp_path / "many")
    assert one == many
    assert not any("scratch" in name for name in one)


def test_an_empty_index_finds_nothing_and_takes_documents_in(tmp_path: Path, scorer: Scorer) -> None:
    index = built(tmp_path / "index", [], [], scorer)
    shelf = Shelf(index.capabilities, scorer)
    document = corpus(6, 1)[0]
    assert ranking(shelf, document) == []
    shelf.replace([0], batch_of([document], scorer))
    assert [pk for pk, _ in ranking(shelf, document)] == [0]


@pytest.mark.parametrize("seed", range(2))
def test_after_any_changes_a_merge_is_a_fresh_build_and_filters_stay_exact(
    seed: int, tmp_path: Path, scorer: Scorer
) -> None:
    """Random changes: what is found is what exists now, and a build of kept terms equals one from the texts."""
    chance, pool = random.Random(seed), corpus(100 + seed, 240)
    living = {int(d.id): d for d in pool[:120]}
    versions = dict.fromkeys(living, 1)
    index = built(tmp_path / "first", list(living.values()), [], scorer)
    shelf = Shelf(index.capabilities, scorer)
    kept: dict[int, Batch] = {pk: batch_of([d], scorer) for pk, d in living.items()}
    for _step in range(30):
        ids = chance.sample(range(240), chance.randint(1, 9))
        fresh = []
        for pk in sorted(ids):
            if chance.random() < 0.3:
                living.pop(pk, None)
                kept.pop(pk, None)
            else:
                source = pool[chance.randrange(240)]
                living[pk] = Document(str(pk), source.title, source.body, source.tags, source.indicators,
                                      vectors=source.vectors)  # fmt: skip
                versions[pk] = versions.get(pk, 0) + 1
                fresh.append(living[pk])
                kept[pk] = batch_of([living[pk]], scorer, versions)
        shelf.replace(ids, batch_of(fresh, scorer, versions))
    assert len(shelf) == len(living)
    assert shelf.segments <= 6
    need = pool[239]
    everything = ranking(shelf, need)
    assert {pk for pk, _ in everything} == set(living)
    _filters_are_exact(shelf, need, everything)

    documents = [living[pk] for pk in sorted(living)]
    built(tmp_path / "fresh", documents, [], scorer)
    (tmp_path / "merged").mkdir()
    build_index(
        tmp_path / "merged",
        capabilities=[_without_texts(kept[pk]) for pk in sorted(kept)],
        needs=[],
        scorer=scorer,
        dimensions=DIMENSIONS,
    )
    fresh_files, merged_files = files_of(tmp_path / "fresh"), files_of(tmp_path / "merged")
    for files in (fresh_files, merged_files):
        files.pop("capabilities/columns.version.npy")
    assert fresh_files == merged_files


def _filters_are_exact(shelf: Shelf, need: Document, everything: list[tuple[int, float]]) -> None:
    wanted = Filter(
        at_least={"valid_until": 20},
        other_than={"organisation": 3},
        none_of={"organisation": {5}},
        facets=(frozenset({"kind:result", "kind:expert"}), frozenset({"district:1", "district:2", "district:4"})),
    )
    passing = [
        (pk, points)
        for pk, points in everything
        if pk % 50 >= 20 and pk % 7 not in {3, 5} and pk % 3 in {0, 1} and pk % 5 in {1, 2, 4}
    ]
    assert len(passing) > 10
    assert ranking(shelf, need, wanted) == passing
    assert ranking(shelf, need, wanted, depth=5) == passing[:5]


def _without_texts(batch: Batch) -> Batch:
    """As a merge reads it: counted terms are kept, texts need not be read."""
    bare = [Document(d.id, "", "", d.tags, d.indicators, vectors=d.vectors) for d in batch.documents]
    return Batch(bare, batch.counted, batch.columns, batch.facets)


def test_rows_are_chosen_with_all_that_belongs_to_them(scorer: Scorer) -> None:
    documents = corpus(8, 9)
    whole = batch_of(documents, scorer)
    some = chosen(whole, np.array([7, 2, 4]))
    alone: Counted = TermCounter(scorer.segmenter, scorer.taxonomy).count([documents[i] for i in (7, 2, 4)])
    for name in ("words", "bigrams"):
        got, expected = getattr(some.counted, name), getattr(alone, name)
        assert got.codes.tolist() == expected.codes.tolist()
        assert got.counts.tolist() == expected.counts.tolist()
        assert got.starts.tolist() == expected.starts.tolist()
    assert some.columns["id"].tolist() == [7, 2, 4]
    assert some.facets == [whole.facets[i] for i in (7, 2, 4)]
