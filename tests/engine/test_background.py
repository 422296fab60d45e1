"""How common terms are is known before a corpus is large enough to tell."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from apps.engine.background import Background, count_texts, read_background
from apps.engine.documents import Document
from apps.engine.matcher import Matcher
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter, characters_and_bigrams

SHIPPED = Path(__file__).parents[2] / "seeds" / "dictionary" / "background.tsv"


@pytest.fixture(scope="module")
def background() -> Background:
    return read_background(SHIPPED.read_text(encoding="utf-8").splitlines())


def test_each_text_counts_a_term_once_and_rare_terms_are_left_out() -> None:
    lines = list(count_texts(["a a b", "a c", "a"], [str.split]))
    assert lines == ["3", "a\t3"]
    assert read_background(lines).share("a") == 1.0
    assert read_background(lines).share("b") == 0.0


@pytest.mark.parametrize("lines", [["three"], ["2", "a"], ["2", "a\tmany"], ["2", "a\t3"]])
def test_a_file_that_is_no_background_is_refused(lines: list[str]) -> None:
    with pytest.raises(ValueError):
        read_background(lines)


def test_the_shipped_table_knows_what_many_needs_say(background: Background) -> None:
    assert background.share("工艺") > background.share("工序") > background.share("激光熔覆") > 0
    assert background.share("的") > 0.5


def test_ten_capabilities_rank_by_what_they_are_about_not_by_what_many_texts_say(
    taxonomy: Taxonomy, background: Background, capabilities: Sequence[Document]
) -> None:
    """工艺, 在线 and 自动 stand in a tenth of all texts of the trade; ten texts alone cannot tell them from 混炼."""
    common = Document("common", "设备自动检测与工艺控制", "用于现场,在线检测温度。")
    need = Document("need", "胶料连续混炼时能耗高", "要在现有设备上改工艺,最好在线自动控制温度。")
    points = {}
    for known in (None, background):
        matcher = Matcher(taxonomy=taxonomy, segmenter=Segmenter(background=known)).fit([*capabilities[:9], common])
        scores = {match.document_id: match.score for match in matcher.rank(need, depth=0)}
        points[known] = scores["rubber"] - scores["common"]
    assert points[background] > points[None] + 1


def test_a_background_without_the_terms_leaves_what_general_chinese_says() -> None:
    segmenter = Segmenter(background=Background({}))
    assert segmenter.background is not None
    assert segmenter.background.share("技术") == 0.0
    assert segmenter.share_of_language("技术") > 0
    assert characters_and_bigrams("技术") == ["技术", "技", "术"]
