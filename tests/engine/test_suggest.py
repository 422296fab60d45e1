import numpy as np

from apps.engine.documents import Document
from apps.engine.suggest import LEAST_SURE, TagSuggester, suggest_tags
from apps.engine.taxonomy import Taxonomy

EXAMPLES = (
    Document("a", "辊面磨损后堆焊修复", "轧辊修复后耐磨,堆焊层硬度高。", ("coating", "cladding")),
    Document("b", "轧辊耐磨修复", "热轧辊磨损快,堆焊修复。", ("coating",)),
    Document("c", "布匹疵点相机检验", "线阵相机拍布面。", ("vision",)),
    Document("d", "布面破洞检验", "相机拍照后判断布面疵点。", ("vision", "unknown_code")),
)


def test_names_and_aliases_are_found_where_they_stand(taxonomy: Taxonomy) -> None:
    text = "辊面想用Laser Cladding修复，再做耐磨涂层"
    found = {s.code: text[s.start : s.end] for s in suggest_tags(text, taxonomy)}
    assert found == {"cladding": "Laser Cladding", "coating": "耐磨涂层"}


def test_a_short_latin_alias_counts_only_as_a_word(taxonomy: Taxonomy) -> None:
    assert suggest_tags("RObot 抓取", taxonomy) == []
    assert [s.code for s in suggest_tags("RO 膜通量衰减", taxonomy)] == ["membrane"]


def test_the_limit_keeps_the_surest(taxonomy: Taxonomy) -> None:
    everything = suggest_tags("激光熔覆、耐磨涂层、机器视觉，激光熔覆为主", taxonomy)
    assert {s.code for s in everything} == {"cladding", "coating", "vision"}
    assert everything == sorted(everything, key=lambda s: -s.confidence)
    assert suggest_tags("激光熔覆、耐磨涂层、机器视觉，激光熔覆为主", taxonomy, limit=1) == everything[:1]
    assert all(LEAST_SURE <= s.confidence <= 1 for s in everything)


def test_texts_like_it_bring_a_tag_that_the_text_does_not_name(taxonomy: Taxonomy) -> None:
    text = "坯布破洞检验，想用相机判断布面疵点"
    assert "vision" not in {s.code for s in suggest_tags(text, taxonomy)}
    found = {s.code: s for s in TagSuggester(taxonomy, EXAMPLES).suggest(text)}
    assert (found["vision"].start, found["vision"].end) == (None, None)
    assert "coating" not in found


def test_an_example_may_be_hidden_from_an_evaluation(taxonomy: Taxonomy) -> None:
    suggester = TagSuggester(taxonomy, EXAMPLES)
    at = suggester.evidence.codes.index("vision")
    near = [suggester.rows("布面疵点检验", counted=np.array(mask))[at] for mask in ([1, 1, 1, 1.0], [1, 1, 0, 0.0])]
    assert near[0][3] > 0
    assert near[1][3] == 0


def test_odd_texts_propose_nothing(taxonomy: Taxonomy) -> None:
    suggester = TagSuggester(taxonomy, EXAMPLES)
    assert [suggester.suggest(text) for text in ("", "1", "😀", "\x00", "字" * 200_000)] == [[]] * 5


def test_no_taxonomy_proposes_nothing() -> None:
    assert suggest_tags("激光熔覆", Taxonomy([])) == []
