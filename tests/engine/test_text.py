import random
from pathlib import Path

import pytest

from apps.engine.highlight import highlight_spans
from apps.engine.simplified import simplified
from apps.engine.text import LONGEST_TEXT, normalise, normalise_each
from apps.engine.tokens import Segmenter, bigrams, characters_and_bigrams

ODD_TEXTS = [
    "",
    "锂",
    "字" * 200_000,
    "12345 67890",
    "😀😅🎉",
    "\x00\x07\u200b\ufeff",
    "Grüße aus München",
    "ﷺ" * 5_000,
    "\ud800",
]


# Every character of the planes that hold Chinese, in four texts.
given_characters = pytest.mark.parametrize(
    "text",
    [
        "".join(map(chr, range(start, end)))
        for start, end in ((0x20, 0xD800), (0xF900, 0xFB00), (0x20000, 0x2A6E0), (0x2A700, 0x32000))
    ],
    ids=["basic", "compatibility", "extension B", "later extensions"],
)


def test_width_case_and_control_characters_do_not_matter() -> None:
    assert normalise(" ＭＥＳ\x00系统\u3000\n３Ｄ ") == "mes 系统 3d"


def test_traditional_characters_read_as_simplified_ones() -> None:
    assert normalise("鋰離子電池熱管理、紡織機械與電鍍廢水處理") == "锂离子电池热管理、纺织机械与电镀废水处理"


def test_a_character_that_is_simplified_already_stays() -> None:
    assert normalise("激光熔覆与瞭望台、著名的坏账") == "激光熔覆与瞭望台、著名的坏账"


def test_many_texts_are_normalised_as_one_by_one() -> None:
    chance = random.Random(8)
    kinds = ["锈鋰１aΣß \n\u3000，。", "".join(map(chr, range(0x10000))), "e\u0301가\u1100\u1161ﷺ①℃😀𠀀\x00\ud800"]
    texts = ["".join(chance.choices(chance.choice(kinds), k=chance.randrange(12))) for _ in range(5_000)]
    texts += [a + b for a in "aきᄀ가\u0301 " for b in kinds[1]]
    texts += [*ODD_TEXTS, " " * LONGEST_TEXT + "a", "a" * (LONGEST_TEXT - 1) + " b"]
    assert normalise_each(texts) == list(map(normalise, texts))
    assert normalise_each([]) == []


@given_characters
def test_simplifying_never_moves_a_position(text: str) -> None:
    assert len(simplified(text)) == len(text)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_has_a_bounded_answer(text: str, segmenter: Segmenter) -> None:
    assert len(normalise(text)) <= LONGEST_TEXT
    assert len(segmenter.words(text)) <= 4 * LONGEST_TEXT
    assert len(characters_and_bigrams(text)) <= 2 * LONGEST_TEXT
    assert highlight_spans(text, [text]) == [(0, len(text))] * (0 < len(text.strip()) <= LONGEST_TEXT)


def test_words_of_the_trade_stay_whole_and_bring_their_parts(segmenter: Segmenter) -> None:
    assert "激光熔覆" in segmenter.words("采用激光熔覆技术")
    assert {"复合", "材料", "复合材料"} <= set(segmenter.words("复合材料"))


def test_signs_numbers_and_single_characters_are_no_words(segmenter: Segmenter) -> None:
    assert segmenter.words("我、的 300 ≥ 5.5") == []


def test_a_word_added_by_the_trade_keeps_its_share_of_the_language(segmenter: Segmenter) -> None:
    assert segmenter.share_of_language("激光熔覆") == 0.0
    assert segmenter.share_of_language("技术") > segmenter.share_of_language("激光") > 0


def test_bigrams_never_cross_signs_and_keep_latin_words_whole() -> None:
    assert bigrams("用C语言,AGV小车") == ["用", "c", "语言", "agv", "小车"]


def test_characters_join_words_that_share_no_pair() -> None:
    assert set(characters_and_bigrams("防锈")) & set(characters_and_bigrams("锈蚀")) == {"锈"}


def test_the_prepared_dictionary_is_written_only_where_told(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    assert Segmenter(cache_dir=folder).words("激光焊接") == Segmenter().words("激光焊接")
    assert [path.name for path in folder.iterdir()] == ["jieba.cache"]
