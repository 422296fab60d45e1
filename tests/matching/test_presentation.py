"""What the cards are made of: marks, excerpts, and points that add up."""

import random

import pytest
from django.utils.translation import override

from apps.matching.grounds import grounds, indicator_lines
from apps.matching.highlighting import EXCERPT_LENGTH, excerpt, marked
from apps.matching.score_parts import score_parts

NAMES = ("words", "bigrams", "tags", "indicators")


def test_terms_are_marked_whatever_their_width_and_case() -> None:
    assert marked("ＴｉＣ涂层与tic粉", ["TiC"]) == "<mark>ＴｉＣ</mark>涂层与<mark>tic</mark>粉"


def test_marks_never_open_a_way_for_markup() -> None:
    assert marked('<b>"涂层"</b>', ["涂层", "<b>"]) == ("<mark>&lt;b&gt;</mark>&quot;<mark>涂层</mark>&quot;&lt;/b&gt;")


def test_an_excerpt_shows_the_passage_with_the_most_terms() -> None:
    text = "开头只有涂层。" + "无关的话。" * 40 + "这里有激光熔覆和耐磨涂层。" + "别的话。" * 40
    shown = excerpt(text, ["涂层", "激光熔覆", "耐磨"])
    assert "<mark>激光熔覆</mark>" in shown
    assert shown.startswith("…这里有")
    assert shown.endswith("…")


@pytest.mark.parametrize("text", ["", "短", "涂层" * EXCERPT_LENGTH, "没有共同的词" * 60])
def test_an_excerpt_of_any_text_is_short_and_keeps_the_text(text: str) -> None:
    plain = excerpt(text, ["涂层"]).replace("<mark>", "").replace("</mark>", "").strip("…")
    assert plain in text
    assert len(plain) == min(len(text), EXCERPT_LENGTH)


def test_the_points_shown_add_up_to_the_score_shown() -> None:
    chance = random.Random(7)
    for _round in range(300):
        contributions = [chance.uniform(0, 25) for _name in NAMES]
        shown = score_parts(
            [
                {"name": name, "value": 0.5, "weight": 0.25, "contribution": points}
                for name, points in zip(NAMES, contributions, strict=True)
            ]
        )
        assert round(sum(part.points for part in shown), 1) == round(sum(contributions), 1)
        assert all(abs(part.points - points) <= 0.11 for part, points in zip(shown, contributions, strict=True))


def test_a_part_that_one_side_lacks_is_not_counted() -> None:
    part = score_parts([{"name": "tags", "value": 0.0, "weight": 0.0, "contribution": 0.0}])[0]
    assert not part.is_counted


def test_a_list_of_terms_becomes_chips_and_other_sentences_stay_sentences() -> None:
    found = grounds(
        [
            {"kind": "shared_terms", "text": "双方都涉及：激光熔覆、涂层", "terms": ["激光熔覆", "涂层"]},
            {"kind": "shared_tags", "text": "方向相近：需求为焊接，对方为堆焊", "terms": ["焊接", "堆焊"]},
            {"kind": "indicator_met", "text": "硬度要求 ≥ 60 HRC，对方为 62 HRC，满足", "terms": ["硬度"]},
        ]
    )
    assert [(ground.label, ground.terms, ground.text) for ground in found] == [
        ("双方都涉及", ("激光熔覆", "涂层"), ""),
        ("方向相近", (), "需求为焊接，供给方为堆焊"),
    ]


def test_hard_indicators_come_first_and_each_has_its_finding() -> None:
    rows = [
        ("unknown", "寿命", "", "对方未写明", False),
        ("unknown", "硬度", "900 HV", "单位不同，请双方确认", True),
        ("missed", "耐温", "250 ℃", "差 50 ℃", True),
        ("met", "厚度", "2 mm", "满足", True),
    ]
    lines = indicator_lines(
        [
            {"status": status, "name": name, "asked": "", "offered": offered, "finding": finding, "is_hard": is_hard}
            for status, name, offered, finding, is_hard in rows
        ]
    )
    assert [(line.name, str(line.finding)) for line in lines] == [
        ("硬度", "需双方确认"),
        ("耐温", "差 50 ℃"),
        ("厚度", "满足"),
        ("寿命", "未写明"),
    ]


def test_grounds_begin_in_the_language_of_the_reader() -> None:
    stored = [
        {"kind": "shared_terms", "text": "双方都涉及：熔覆、涂层", "terms": ["熔覆", "涂层"]},
        {"kind": "shared_tags", "text": "方向相近：激光熔覆属于表面工程", "terms": ["激光熔覆", "表面工程"]},
    ]
    with override("en"):
        assert [str(ground.label) for ground in grounds(stored)] == ["Both speak of", "Close to each other"]
