"""Terms counted in bulk are what counting them one by one gives, and survive being kept as bytes."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from apps.engine.characters import character_terms
from apps.engine.counted import Counted, TermCounter, TermTable, join, pack, unpack
from apps.engine.documents import Document, Indicator
from apps.engine.fields import FIELDS, texts_of
from apps.engine.synonyms import Synonyms
from apps.engine.taxonomy import Taxonomy, Term
from apps.engine.terms import codes_of
from apps.engine.text import LONGEST_TEXT, normalise
from apps.engine.tokens import Segmenter, characters_and_bigrams

type Groups = Sequence[tuple[str, ...]]

PIECES = [
    *"的锈防除蚀激光熔覆涂层耐磨钢㐀䶿一龥鿿龦々〇豈﨎𠀀𪜀𰻝",
    *" \n\t_,。、·()%≥±5５①²½ⅣⅣaZßœИЯあアｱ가ไทยम๓\u0301\u200b\x00",
    *["AGV", "pa66", "300MPa", "聚乳酸", "PLA", "高锰钢", "激光熔覆", "鋰電", "😀", "e\u0301", "ﷺ", "３Ｄ打印", "a_b"],
]
"""Of each kind that the cutting tells apart: Chinese at the edges of its block and beyond, signs, digits, scripts."""


@pytest.fixture(scope="module")
def counter(taxonomy: Taxonomy) -> TermCounter:
    synonyms = Synonyms([("聚乳酸", "PLA")], aliases=[("耐磨钢", "高锰钢", "高铬铸铁")])
    return TermCounter(Segmenter(["激光熔覆", "高锰钢", "高铬铸铁"], synonyms=synonyms), taxonomy)


@pytest.fixture(scope="module")
def documents(taxonomy: Taxonomy) -> list[Document]:
    chance = random.Random(19)
    return [_document(number, chance, tuple(taxonomy.terms)) for number in range(300)]


def _text(chance: random.Random, longest: int) -> str:
    return "".join(chance.choices(PIECES, k=chance.randrange(longest)))


def _document(number: int, chance: random.Random, codes: tuple[str, ...]) -> Document:
    return Document(
        str(number),
        title=_text(chance, 20),
        body=_text(chance, chance.choice((1, 40, 400))),
        goal=_text(chance, 40) if chance.random() < 0.5 else "",
        tags=tuple(chance.sample(codes, chance.randrange(3))),
        indicators=(Indicator("耐磨层硬度", 55, None, "HRC"),) * chance.randrange(2),
    )


def _expected(text: str, cut: Callable[[str], list[str]]) -> dict[int, int]:
    counted = Counter(cut(text))
    return dict(sorted(zip(codes_of(list(counted)).tolist(), counted.values(), strict=True)))


def _field(table: TermTable, place: int) -> dict[int, int]:
    span = slice(table.starts[place], table.starts[place + 1])
    return dict(zip(table.codes[span].tolist(), table.counts[span].tolist(), strict=True))


def _assert_same(one: Counted, other: Counted) -> None:
    for ours, theirs in ((one.words, other.words), (one.bigrams, other.bigrams)):
        for name in ("codes", "counts", "starts"):
            left, right = getattr(ours, name), getattr(theirs, name)
            assert left.dtype == right.dtype
            assert np.array_equal(left, right)


@pytest.mark.parametrize("sort", ["words", "bigrams"])
def test_every_field_has_the_terms_that_counting_it_alone_gives(
    sort: str, counter: TermCounter, documents: list[Document]
) -> None:
    table: TermTable = getattr(counter.count(documents), sort)
    cut = counter.segmenter.words if sort == "words" else characters_and_bigrams
    texts = [text for document in documents for text in texts_of(document, counter.taxonomy.name)]
    assert len(table.starts) == len(texts) + 1
    for place, text in enumerate(texts):
        found = _field(table, place)
        assert found == _expected(text, cut), text
        assert list(found) == sorted(found)


def test_every_character_there_is_falls_into_the_same_terms() -> None:
    texts = ["".join(map(chr, range(start, start + 1_000))) + "锈" for start in range(0x20, 0x32000, 1_000)]
    codes, starts = character_terms(list(map(normalise, texts)))
    for place, text in enumerate(texts):
        expected = sorted(codes_of(characters_and_bigrams(text)).tolist())
        assert sorted(codes[starts[place] : starts[place + 1]].tolist()) == expected


def test_documents_counted_one_by_one_and_joined_are_the_documents_counted_at_once(
    counter: TermCounter, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = counter.count(documents)
    _assert_same(join([counter.count([document]) for document in documents]), at_once)
    monkeypatch.setattr("apps.engine.counted.AT_ONCE", 700)
    _assert_same(counter.count(documents), at_once)


def test_nothing_counted_is_nothing(counter: TermCounter) -> None:
    for nothing in (counter.count([]), join([]), unpack([]), unpack(pack(counter.count([])))):
        assert len(nothing) == 0
        _assert_same(nothing, counter.count([]))


def test_an_empty_document_has_no_terms(counter: TermCounter) -> None:
    counted = counter.count([Document("empty", "。"), Document("one", "锈"), Document("empty too", "")])
    assert len(counted) == 3
    assert counted.words.starts.tolist() == [0] * (3 * len(FIELDS) + 1)
    assert counted.bigrams.starts.tolist() == [0] * (len(FIELDS) + 1) + [1] * (2 * len(FIELDS))


def test_a_term_said_more_often_than_can_be_counted_counts_as_the_most(counter: TermCounter) -> None:
    counted = counter.count([Document("much", "", "锈" * 2 * LONGEST_TEXT)])
    assert counted.bigrams.counts.tolist() == [LONGEST_TEXT, LONGEST_TEXT - 1]


def test_what_is_packed_comes_back(counter: TermCounter, documents: list[Document]) -> None:
    counted = counter.count(documents)
    blobs = pack(counted)
    assert len(blobs) == len(documents)
    _assert_same(unpack(blobs), counted)
    _assert_same(unpack(blobs[::-1]), counter.count(documents[::-1]))


def test_a_document_packs_to_the_same_bytes_alone(counter: TermCounter, documents: list[Document]) -> None:
    blobs = pack(counter.count(documents[:20]))
    assert [pack(counter.count([document]))[0] for document in documents[:20]] == blobs


def test_damaged_bytes_are_refused(counter: TermCounter, documents: list[Document]) -> None:
    blob = next(blob for blob in pack(counter.count(documents)) if len(blob) > 500)
    chance = random.Random(5)
    for place in [*range(60), *chance.sample(range(60, len(blob)), 40)]:
        with pytest.raises(ValueError, match="damaged"):
            unpack([blob, blob[:place] + bytes([blob[place] ^ 0x10]) + blob[place + 1 :]])
        with pytest.raises(ValueError, match="damaged"):
            unpack([blob[:place], blob])
    with pytest.raises(ValueError, match="damaged"):
        unpack([blob + b"\x00"])


def test_the_method_is_the_same_for_the_same_rules(taxonomy: Taxonomy) -> None:
    methods = {
        TermCounter(Segmenter(words, synonyms=Synonyms([("聚乳酸", "PLA")])), taxonomy).method
        for words in (["激光熔覆", "耐磨"], ["耐磨", "激光熔覆"])
    }
    assert len(methods) == 1
    assert len(methods.pop()) <= 40


def test_whatever_decides_how_texts_are_cut_changes_the_method(
    taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = tuple(taxonomy.terms.values())
    groups: Groups = [("聚乳酸", "PLA"), ("数控", "CNC")]
    aliases: Groups = [("耐磨钢", "高锰钢")]

    def method(
        words: tuple[str, ...] = ("激光熔覆",),
        groups: Groups = groups,
        aliases: Groups = aliases,
        terms: tuple[Term, ...] = terms,
    ) -> str:
        return TermCounter(Segmenter(words, synonyms=Synonyms(groups, aliases=aliases)), Taxonomy(terms)).method

    methods = [
        method(),
        method(words=()),
        method(words=("激光熔覆", "耐磨")),
        method(groups=[("聚乳酸", "PLA", "玉米塑料"), groups[1]]),
        method(groups=[("PLA", "聚乳酸"), groups[1]]),
        method(groups=groups[:1]),
        method(aliases=[("耐磨钢", "高锰钢", "高铬铸铁")]),
        method(aliases=[("高锰钢", "耐磨钢")]),
        method(aliases=[]),
        method(terms=(*terms[1:], replace(terms[0], name="另一名"))),
        method(terms=terms[1:]),
    ]
    monkeypatch.setattr("apps.engine.counted.LONGEST_TEXT", LONGEST_TEXT + 1)
    methods.append(method())
    assert len(set(methods)) == len(methods)
