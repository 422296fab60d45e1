from collections.abc import Sequence

from apps.engine.documents import Document
from apps.engine.matcher import Matcher
from apps.engine.shared_terms import is_telling
from apps.engine.synonyms import Synonyms
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter


def test_a_good_match_says_why_in_plain_chinese(matcher: Matcher, need: Document) -> None:
    best = matcher.rank(need)[0]
    texts = [reason.text for reason in best.reasons]
    assert texts[0].startswith("双方都涉及：")
    assert "同属产业链：智能装备" in texts
    assert "共同标签：激光熔覆" in texts
    assert "硬度要求 ≥ 55 HRC，对方为 ≥ 58 HRC，满足" in texts
    assert [reason.kind for reason in best.reasons] == [
        "shared_terms",
        "shared_tags",
        "shared_tags",
        "indicator_met",
        "indicator_met",
    ]


def test_a_missed_indicator_is_named_with_its_gap(matcher: Matcher, need: Document) -> None:
    spraying = next(match for match in matcher.rank(need) if match.document_id == "spraying")
    missed = [reason.text for reason in spraying.reasons if reason.kind == "indicator_missed"]
    assert missed == ["硬度要求 ≥ 55 HRC，对方为 52 HRC，差 3 HRC"]


def test_a_tag_below_the_other_sides_is_named(matcher: Matcher, need: Document) -> None:
    spraying = next(match for match in matcher.rank(need) if match.document_id == "spraying")
    assert "方向相近：激光熔覆属于表面工程" in [reason.text for reason in spraying.reasons]


def test_shared_terms_are_readable_words_of_both_texts(matcher: Matcher, need: Document) -> None:
    terms = matcher.rank(need)[0].shared_terms
    assert {"激光熔覆", "耐磨涂层", "磨损"} <= set(terms)
    assert len(terms) <= 8
    assert all(len(term) > 1 for term in terms)
    assert not any(one != other and one in other for one in terms for other in terms)


def test_neighbouring_words_are_shown_as_one_term(matcher: Matcher) -> None:
    one, other = Document("n", "电镀废水浓水减量", "浓水"), Document("c", "园区电镀废水零排放")
    assert matcher.match(one, other).shared_terms == ("电镀废水",)


def test_the_character_that_turns_a_meaning_stays_with_its_word(matcher: Matcher) -> None:
    one, other = Document("n", "阀座要耐海水腐蚀涂层"), Document("c", "喷涂耐海水腐蚀涂层")
    assert matcher.match(one, other).shared_terms == ("耐海水腐蚀涂层",)
    assert not matcher.match(one, Document("c", "海水腐蚀涂层老化")).shared_terms[0].startswith("耐")


def test_terms_are_spelt_as_the_need_spells_them(matcher: Matcher) -> None:
    assert matcher.match(Document("n", "ＡＧＶ调度"), Document("c", "agv导航")).shared_terms == ("ＡＧＶ",)


def test_words_that_fit_any_text_are_no_reason(matcher: Matcher) -> None:
    pair = (
        Document("n", "疵点检测关键技术研究", "每月超过300 MPa"),
        Document("c", "关键技术开发", "疵点,每月超过300 MPa"),
    )
    assert matcher.match(*pair).shared_terms == ("疵点",)
    assert not any(is_telling(word) for word in ("技术开发", "关键技术", "mpa", "300", "每月", "三十"))
    assert all(is_telling(word) for word in ("激光熔覆", "agv", "疵点"))


def test_strangers_have_no_reason(matcher: Matcher, need: Document, capabilities: Sequence[Document]) -> None:
    ferment = next(document for document in capabilities if document.id == "ferment")
    assert matcher.match(need, ferment).reasons == ()


def test_every_indicator_of_the_need_gets_a_verdict(matcher: Matcher, need: Document) -> None:
    for match in matcher.rank(need, depth=0):
        assert [verdict.need for verdict in match.verdicts] == list(need.indicators)
    silent = matcher.match(need, Document("c", "轧辊"))
    assert {verdict.status for verdict in silent.verdicts} == {"unknown"}


def test_a_book_shared_by_both_sides_is_explained_like_a_page(matcher: Matcher) -> None:
    book = "".join(chr(0x4E00 + i * 37 % 20_000) for i in range(20_000))
    assert len(matcher.match(Document("n", "甲", book), Document("c", "乙", book)).shared_terms) <= 8


def test_a_thing_that_the_two_call_differently_is_named_in_both_ways(taxonomy: Taxonomy) -> None:
    segmenter = Segmenter(synonyms=Synonyms([("聚乳酸", "PLA")]))
    offers = [Document("pla", "聚乳酸餐盒耐热改性"), Document("paper", "纸浆餐盒模塑成型")]
    matcher = Matcher(taxonomy=taxonomy, segmenter=segmenter).fit(offers)
    match = matcher.rank(Document("need", "PLA餐盒怕热"), depth=1)[0]
    assert match.document_id == "pla"
    assert {"PLA", "聚乳酸", "餐盒"} <= set(match.shared_terms)
    assert "叫法不同、所指相同：PLA＝聚乳酸" in [reason.text for reason in match.reasons]


def test_a_name_that_both_use_is_no_other_name(taxonomy: Taxonomy) -> None:
    segmenter = Segmenter(synonyms=Synonyms([("减速器", "减速机")]))
    matcher = Matcher(taxonomy=taxonomy, segmenter=segmenter).fit([Document("gear", "减速机齿轮热处理")])
    match = matcher.rank(Document("need", "减速机漏油"))[0]
    assert match.shared_terms == ("减速机",)
    assert [reason.text for reason in match.reasons] == ["双方都涉及：减速机"]


def test_a_looser_alias_is_no_reason(taxonomy: Taxonomy) -> None:
    segmenter = Segmenter(["高锰钢", "高铬铸铁"], synonyms=Synonyms(aliases=[("耐磨钢", "高锰钢", "高铬铸铁")]))
    matcher = Matcher(taxonomy=taxonomy, segmenter=segmenter).fit([Document("iron", "高铬铸铁磨球")])
    match = matcher.rank(Document("need", "高锰钢衬板"))[0]
    assert match.score > 0
    assert match.shared_terms == ()
    assert match.reasons == ()
