"""What the two sentences say of a pair: fit and gap in one tone, and never louder than the score."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from apps.engine.blend import Part
from apps.engine.documents import Document, Indicator
from apps.engine.evidence import Evidence, TagGround
from apps.engine.matcher import Matcher
from apps.engine.names import NAMES
from apps.engine.sentences import for_capability, for_need
from apps.engine.speech import LONGEST_QUOTE, Quote, quoted
from apps.engine.verdicts import compare, unanswered

NEED = Document("n", "轧辊表面耐磨涂层修复", "辊面磨损快", facts=("拟投入 10–50 万元",))
OFFER = Document("c", "激光熔覆制备耐磨涂层", "修复辊面", kind="result", facts=("成熟度 TRL 8",))
WORDS = (Part("words", 0.6, 1.0, 60.0),)
ASKED = Indicator("耐温", 300, 300, "℃")


def evidence(**fields: Any) -> Evidence:
    """A clear pair, unless said otherwise."""
    return replace(Evidence(NEED, OFFER, 70.0, WORDS, terms=("耐磨涂层", "辊面")), **fields)


def test_each_side_is_told_in_one_sentence_why_they_fit(matcher: Matcher, need: Document) -> None:
    best = matcher.rank(need)[0]
    assert best.for_need.endswith("。")
    assert best.for_capability.endswith("。")
    assert best.for_need.count("。") == best.for_capability.count("。") == 1
    assert "耐磨涂层" in best.for_need
    assert "满足" in best.for_need
    assert "“轧辊表面耐磨涂层修复”" in best.for_capability
    assert "智能装备产业链" in best.for_capability


def test_a_pair_is_told_of_in_the_same_words_however_it_was_found(
    matcher: Matcher, need: Document, capabilities: Sequence[Document]
) -> None:
    for match in matcher.rank(need, depth=0):
        offer = next(document for document in capabilities if document.id == match.document_id)
        (found,) = matcher.rank_needs(offer, [need])
        assert (found.for_need, found.for_capability) == (match.for_need, match.for_capability)


def test_without_reasons_nobody_is_told_anything(matcher: Matcher, need: Document) -> None:
    assert {match.for_need + match.for_capability for match in matcher.rank(need, explain=False)} == {""}


def test_a_gap_is_said_as_plainly_as_a_fit() -> None:
    missed = evidence(verdicts=(compare(ASKED, Indicator("耐温", 250, 250, "℃")),))
    for sentence in (for_need(missed).text, for_capability(missed).text):
        assert "300 ℃" in sentence
        assert "250 ℃" in sentence
        assert "差 50 ℃" in sentence


def test_a_gap_beside_a_fit_is_not_hidden_behind_it() -> None:
    met = compare(Indicator("硬度", 55, None, "HRC"), Indicator("硬度", 58, None, "HRC"))
    both = evidence(verdicts=(met, compare(ASKED, Indicator("耐温", 250, 250, "℃"))))
    for sentence in (for_need(both).text, for_capability(both).text):
        assert sentence.index("满足") < sentence.index("不过") < sentence.index("差 50 ℃")


def test_further_indicators_are_counted() -> None:
    met = compare(Indicator("硬度", 55, None, "HRC"), Indicator("硬度", 58, None, "HRC"))
    missed = compare(ASKED, Indicator("耐温", 250, 250, "℃"))
    sentence = for_need(evidence(verdicts=(met, met, met, missed, missed))).text
    assert "另有 2 项指标也满足" in sentence
    assert "另有 1 项也达不到" in sentence


def test_a_hard_indicator_is_told_of_before_a_wished_one() -> None:
    wished = compare(Indicator("厚度", 1, 1, "mm", is_hard=False), Indicator("厚度", 1, 1, "mm"))
    hard = compare(Indicator("硬度", 55, None, "HRC"), Indicator("硬度", 58, None, "HRC"))
    assert "硬度" in for_need(evidence(verdicts=(wished, hard))).text
    assert "希望" in for_need(evidence(verdicts=(wished,))).text


def test_silence_is_named_as_silence() -> None:
    silent = evidence(verdicts=(unanswered(Indicator("节拍", None, 30, "s")),))
    assert "节拍" in for_need(silent).text
    assert "满足" not in for_need(silent).text
    assert "您" in for_capability(silent).text.partition("节拍")[2] + for_capability(silent).text.partition("节拍")[0]
    many = evidence(verdicts=tuple(unanswered(Indicator(f"指标{n}", n, None, "mm")) for n in range(5)))
    assert "5 项指标" in for_need(many).text
    assert "5 项指标" in for_capability(many).text


def test_a_figure_left_open_is_to_be_confirmed() -> None:
    open_one = compare(Indicator("硬度", 55, None, "HRC"), Indicator("硬度", None, 58, "HRC"))
    assert open_one.status == "unknown"
    assert "确认" in for_need(evidence(verdicts=(open_one,))).text


@pytest.mark.parametrize(
    ("fields", "likeness"),
    [
        ({"terms": ("辊面",)}, "用词"),
        ({"terms": (), "tags": (TagGround("industry_chain", (Quote("both", "智能装备"),)),)}, "行业"),
        ({"terms": (), "tags": (TagGround("tag", (Quote("both", "激光熔覆"),)),)}, "方向"),
        ({"terms": ()}, "字面"),
    ],
)
def test_a_faint_pair_says_that_it_is_faint(fields: dict[str, object], likeness: str) -> None:
    faint = evidence(score=22.0, **fields)
    for sentence in (for_need(faint).text, for_capability(faint).text):
        assert f"{likeness}相近，建议先看" in sentence
    assert "对口" not in for_need(faint).text
    assert "建议先看" not in for_need(evidence()).text


def test_an_industry_chain_alone_is_a_faint_likeness() -> None:
    chain = (TagGround("industry_chain", (Quote("both", "智能装备"),)),)
    parts = (Part("words", 0.1, 0.5, 10.0), Part("tags", 0.8, 0.5, 35.0))
    assert "行业相近，建议先看" in for_need(evidence(score=45.0, terms=(), tags=chain, parts=parts)).text


def test_no_likeness_is_claimed_where_there_is_none() -> None:
    strangers = evidence(score=0.3, terms=())
    for sentence in (for_need(strangers).text, for_capability(strangers).text):
        assert "几乎看不出关联，建议先看" in sentence
        assert "相近" not in sentence


def test_one_short_word_in_both_titles_is_not_called_the_same_subject() -> None:
    pair = {"need": replace(NEED, title="边缘盒子跑不动"), "capability": replace(OFFER, title="国产边缘芯片工具链")}
    assert "的名称里都有边缘" in for_need(evidence(terms=("边缘",), **pair)).text


def test_texts_that_are_near_in_meaning_but_not_in_words_say_so() -> None:
    parts = (Part("words", 0.1, 0.5, 10.0), Part("semantics", 0.8, 0.5, 50.0))
    for sentence in (for_need(evidence(parts=parts, terms=())), for_capability(evidence(parts=parts, terms=()))):
        assert "用词不同，整段意思相近" in sentence.text
    assert "意思相近" not in for_need(evidence(terms=(), tags=(TagGround("tag", (Quote("both", "激光熔覆"),)),))).text
    assert "意思相近，建议先看" in for_need(evidence(parts=parts, terms=(), score=20.0)).text


def test_nearness_in_meaning_is_said_once() -> None:
    parts = (Part("words", 0.1, 0.5, 10.0), Part("semantics", 0.8, 0.5, 20.0))
    assert for_need(evidence(parts=parts, terms=("辊面",), score=30.0)).text.count("意思相近") == 1


def test_a_thing_with_two_names_is_told_of_in_each_sides_own() -> None:
    pair = evidence(renamed=(("PLA", "聚乳酸"),))
    assert "您说的PLA就是这项成果里的聚乳酸" in for_need(pair).text
    assert "对方说的PLA就是您写的聚乳酸" in for_capability(pair).text


def test_what_each_side_brings_is_told_to_the_other() -> None:
    assert "成熟度 TRL 8" in for_need(evidence()).text
    assert "成熟度" not in for_capability(evidence()).text
    assert "对方拟投入 10–50 万元" in for_capability(evidence()).text
    assert "拟投入" not in for_need(evidence()).text


@pytest.mark.parametrize("kind", [*NAMES, "", "unheard_of"])
def test_each_kind_of_capability_has_a_name(kind: str) -> None:
    pair = evidence(capability=replace(OFFER, kind=kind))
    name = NAMES.get(kind)
    assert (name.this if name else "这项资源") in for_need(pair).text
    assert (name.yours if name else "您的资源") in for_capability(pair).text


def test_pairs_are_told_of_in_more_than_one_way() -> None:
    told = {for_need(evidence(capability=replace(OFFER, title=f"耐磨涂层{n}号"))).text for n in range(30)}
    assert len(told) >= 3


@pytest.mark.parametrize("title", ["", "单" * 500, "标题\n分行“引号”", "\ud800坏字\x00", "{braces} {0} %s", "😀"])
def test_any_title_makes_a_sentence(title: str) -> None:
    pair = evidence(need=replace(NEED, title=title), capability=replace(OFFER, title=title), terms=())
    for sentence in (for_need(pair).text, for_capability(pair).text):
        assert sentence.endswith("。")
        assert "\n" not in sentence
        assert len(sentence) < 200


def test_a_quotation_is_one_short_line_with_single_marks_inside() -> None:
    assert quoted("need", " 所谓“专精特新”\n企业 ").text == "“所谓‘专精特新’ 企业”"
    assert len(quoted("need", "长" * 100).text) == LONGEST_QUOTE + 2
