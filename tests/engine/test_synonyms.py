"""Names of one thing meet, and nothing else does."""

from pathlib import Path

import pytest

from apps.engine.documents import Document
from apps.engine.matcher import Matcher
from apps.engine.synonyms import Synonyms, read_synonyms
from apps.engine.taxonomy import Taxonomy
from apps.engine.text import normalise
from apps.engine.tokens import Segmenter

DICTIONARY = Path(__file__).parents[2] / "seeds/dictionary/synonyms.txt"
GROUPS = read_synonyms(DICTIONARY.read_text("utf-8").splitlines())


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    kin = [("耐磨钢", "高锰钢", "高铬铸铁")]
    return Segmenter([name for group in (*GROUPS, *kin) for name in group], synonyms=Synonyms(GROUPS, aliases=kin))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("可降解PLA餐盒", "可降解聚乳酸餐盒"),
        ("铁氟龙管", "聚四氟乙烯管"),
        ("PTFE密封件", "特氟龙密封件"),
        ("CNC加工", "数控加工"),
        ("3D打印件", "增材制造件"),
        ("出水COD超标", "出水化学需氧量超标"),
        ("强度300MPa", "强度300兆帕"),
        ("耐280℃", "耐280摄氏度"),
        ("产能5万吨/年", "产能5万t/a"),
        ("马铃薯淀粉", "洋芋淀粉"),
        ("ＰＬＣ控制柜", "可編程控制器控制柜"),
    ],
)
def test_names_of_one_thing_meet_in_one_word(one: str, other: str, segmenter: Segmenter) -> None:
    shared = set(segmenter.words(one)) & set(segmenter.words(other))
    assert any(
        segmenter.synonyms.canonical_of(word) == word and len(segmenter.synonyms.names_of(word)) > 1 for word in shared
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("failed to load", "发光二极管"),
        ("PLANT LAYOUT", "聚乳酸"),
        ("聚乙烯醇薄膜", "聚乙烯"),
        ("PA66齿轮", "聚酰胺6"),
        ("H2O2漂白", "氢气"),
        ("COVID检测", "有机废气"),
    ],
)
def test_a_name_is_not_found_inside_another_word(text: str, name: str) -> None:
    found = {canonical for _name, canonical in Synonyms(GROUPS)._same.find(normalise(text))}
    assert name not in found


def test_a_looser_name_is_added_and_the_word_stays(segmenter: Segmenter) -> None:
    assert {"高锰钢", "耐磨钢"} <= set(segmenter.words("高锰钢衬板"))


def test_a_text_that_uses_the_first_name_gets_nothing_twice(segmenter: Segmenter) -> None:
    assert segmenter.words("聚乳酸").count("聚乳酸") == 1
    assert segmenter.words("PLA").count("聚乳酸") == 1


def test_a_spelling_is_told_as_the_text_has_it() -> None:
    synonyms = Synonyms(GROUPS)
    assert synonyms.spelling_in("可降解pla餐盒", "聚乳酸") == "pla"
    assert synonyms.spelling_in("可降解聚乳酸餐盒", "聚乳酸") == "聚乳酸"
    assert synonyms.spelling_in("纸餐盒", "聚乳酸") == ""
    assert synonyms.spelling_in("pa66齿轮", "pa6") == ""
    assert synonyms.spelling_in("pa66与pa6齿轮", "pa6") == "pa6"
    assert synonyms.names_of("PLA") == ("聚乳酸", "PLA")


def test_the_dictionary_is_large_and_no_name_has_two_meanings() -> None:
    assert len(GROUPS) >= 250
    names = [plain for group in GROUPS for plain in {normalise(name) for name in group}]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_bad_line_of_a_dictionary_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        read_synonyms(["# comment", "聚乳酸"])


def test_texts_that_share_no_character_match_by_what_they_mean(segmenter: Segmenter) -> None:
    documents = [Document("same", "聚四氟乙烯密封环"), Document("other", "硅酸盐水泥熟料")]
    matcher = Matcher(taxonomy=Taxonomy([]), segmenter=segmenter).fit(documents)
    best = matcher.rank(Document("need", "PTFE"), depth=1)[0]
    assert best.document_id == "same"
    assert best.score > 0
