"""The made-up corpus is the same at every call, as long as real listings, and says the same in many ways."""

import statistics
from itertools import chain

import numpy as np
import pytest

from apps.engine.documents import Document
from benchmarks.clauses import pieces
from benchmarks.corpus import BLOCK, LENGTH, blocks, capabilities, need_block, needs


@pytest.fixture(scope="module")
def listings() -> list[Document]:
    return capabilities(2_000)


def test_a_smaller_corpus_is_the_beginning_of_a_larger(listings: list[Document]) -> None:
    assert capabilities(100) == listings[:100]


def test_another_seed_gives_another_corpus(listings: list[Document]) -> None:
    assert capabilities(5, seed=2) != listings[:5]


def test_listings_are_about_as_long_as_real_ones(listings: list[Document]) -> None:
    assert statistics.fmean(len(listing.text) for listing in listings) == pytest.approx(LENGTH, rel=0.1)


def test_hardly_a_text_is_there_twice(listings: list[Document]) -> None:
    assert len({listing.body for listing in listings}) > 0.99 * len(listings)


def test_listings_have_tags_and_a_share_of_them_indicators(listings: list[Document]) -> None:
    assert all(listing.tags for listing in listings)
    assert 0.5 < statistics.fmean(bool(listing.indicators) for listing in listings) < 0.8


def test_blocks_go_on_where_the_last_one_ended() -> None:
    made = list(blocks(BLOCK + 10))
    assert [len(block) for block in made] == [BLOCK, 10]
    ids = np.concatenate([block.columns["id"] for block in made])
    assert np.array_equal(ids, np.arange(1, BLOCK + 11))
    assert [int(document.id) for block in made for document in block.documents] == ids.tolist()


def test_every_column_and_facet_has_a_value_for_each_listing() -> None:
    (block,) = blocks(30)
    assert {len(values) for values in (*block.columns.values(), block.facets, block.titles, block.wholes)} == {30}


def test_the_pieces_of_a_listing_are_those_it_was_made_of() -> None:
    block, texts = need_block(3), pieces().texts
    for document, whole in zip(block.documents, block.wholes, strict=True):
        assert sorted("".join(texts[number] for number in whole)) == sorted(document.text.replace("\n", ""))


def test_the_first_needs_are_the_citys_own_and_the_rest_are_varied() -> None:
    made = needs(300)
    assert made[:80] == needs(80) == needs()
    assert len({need.goal for need in made}) > 290
    assert len(set(chain.from_iterable(need.tags for need in made))) > 200
