"""Terms as numbers: the short ones readable, the long ones distinct, their shares found again."""

import random

import numpy as np
import pytest

from apps.engine.background import Background
from apps.engine.terms import TermShares, codes_of, text_of
from apps.engine.tokens import Segmenter

SHORT = ["", "a", "锈", "\x00", "\U0010ffff", "防锈", "ab", "a\x00", "\x00a", "热处理", "3d打", "𠀀𠀁𠀂", "\ud800"]
LONG = ["激光熔覆", "激光覆熔", "熔覆激光", "aaaa", "aaaaa", "\x00" * 4, "\x00" * 5, "聚四氟乙烯", "𠀀" * 2_000]


@pytest.mark.parametrize("term", SHORT)
def test_a_term_of_three_characters_can_be_read_from_its_number(term: str) -> None:
    assert text_of(int(codes_of([term])[0])) == term


@pytest.mark.parametrize("term", LONG)
def test_a_longer_term_is_hashed_and_cannot_be_read(term: str) -> None:
    code = int(codes_of([term])[0])
    assert code >> 63 == 1
    assert text_of(code) is None


def test_a_term_has_its_number_whatever_stands_beside_it() -> None:
    chance = random.Random(4)
    terms = [chance.choice(SHORT + LONG) for _ in range(500)]
    assert codes_of(terms).tolist() == [int(codes_of([term])[0]) for term in terms]


def test_numbers_never_change() -> None:
    """They are kept in databases and files."""
    assert codes_of(["锈", "防锈", "热处理"]).tolist() == [38153, 80012678707, 130635223311347950]
    assert codes_of(["激光熔覆"]).tolist() == [10953052402163428094]


def test_different_terms_have_different_numbers(segmenter: Segmenter) -> None:
    words = [f"{left}{right}" for left in ("激光", "激光熔", "a", "") for right in range(20_000)]
    assert len(np.unique(codes_of(words))) == len(set(words))
    assert len(segmenter.language.codes) == len(np.unique(segmenter.language.codes)) > 300_000


def test_longer_terms_have_higher_numbers() -> None:
    codes = codes_of(["", "\U0010ffff", "\x00\x00", "\U0010ffff" * 2, "\x00" * 3, "\U0010ffff" * 3, "aaaa"])
    assert np.all(codes[1:] > codes[:-1])


def test_no_terms_have_no_numbers() -> None:
    assert codes_of([]).shape == (0,)
    assert codes_of([]).dtype == np.uint64


def test_shares_are_found_by_number_and_unknown_terms_have_none() -> None:
    shares = TermShares.of([("技术", 0.5), ("激光熔覆", 0.25), ("锈", 0.125)])
    found = shares.shares(codes_of(["锈", "铁", "激光熔覆", "聚四氟乙烯", "技术", "锈"]))
    assert found.tolist() == [0.125, 0.0, 0.25, 0.0, 0.5, 0.125]
    assert np.all(shares.codes[1:] > shares.codes[:-1])


def test_without_any_share_every_term_is_unknown() -> None:
    assert TermShares.of([]).shares(codes_of(["锈", "激光熔覆"])).tolist() == [0.0, 0.0]
    assert TermShares.of([]).shares(codes_of([])).tolist() == []


def test_a_word_has_the_same_share_of_the_language_by_number_and_by_name(segmenter: Segmenter) -> None:
    words = ["技术", "激光", "激光熔覆", "耐磨涂层", "的", "无此词", "中华人民共和国"]
    assert segmenter.language.shares(codes_of(words)).tolist() == list(map(segmenter.share_of_language, words))
    assert segmenter.language is segmenter.language


def test_a_background_gives_its_shares_by_number() -> None:
    background = Background({"工艺": 0.25, "的": 0.5})
    assert background.term_shares.shares(codes_of(["的", "工艺", "无"])).tolist() == [0.5, 0.25, 0.0]
