from apps.engine.suggest import suggest_tags
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter


def test_names_and_aliases_are_found_where_they_stand(taxonomy: Taxonomy, segmenter: Segmenter) -> None:
    text = "辊面想用Laser Cladding修复，再做耐磨涂层"
    found = {s.code: text[s.start : s.end] for s in suggest_tags(text, taxonomy, segmenter)}
    assert found == {"cladding": "Laser Cladding", "coating": "耐磨涂层"}


def test_a_short_latin_alias_counts_only_as_a_word(taxonomy: Taxonomy, segmenter: Segmenter) -> None:
    assert suggest_tags("RObot 抓取", taxonomy, segmenter) == []
    assert [s.code for s in suggest_tags("RO 膜通量衰减", taxonomy, segmenter)] == ["membrane"]


def test_a_name_whose_words_stand_apart_is_proposed_less_surely(taxonomy: Taxonomy, segmenter: Segmenter) -> None:
    whole = suggest_tags("反渗透膜分离装置", taxonomy, segmenter)
    assert whole[0].code == "membrane"
    apart = [s for s in suggest_tags("工程队处理材料表面", taxonomy, segmenter) if s.code == "field_surface"]
    assert 0 < apart[0].confidence < whole[0].confidence <= 1


def test_the_limit_keeps_the_surest(taxonomy: Taxonomy, segmenter: Segmenter) -> None:
    text = "激光熔覆、耐磨涂层、机器视觉，激光熔覆为主"
    everything = suggest_tags(text, taxonomy, segmenter)
    assert everything[0].code == "cladding"
    assert suggest_tags(text, taxonomy, segmenter, limit=1) == everything[:1]


def test_odd_texts_propose_nothing(taxonomy: Taxonomy, segmenter: Segmenter) -> None:
    assert [suggest_tags(text, taxonomy, segmenter) for text in ("", "1", "😀", "\x00", "字" * 200_000)] == [[]] * 5
