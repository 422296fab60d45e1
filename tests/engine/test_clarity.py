"""How clear a need is, and that doing what a gap asks for is worth what it says."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from apps.engine.clarity import CRITERIA, ENOUGH_TEXT, ClarityInput, assess_clarity
from apps.engine.documents import Indicator
from apps.engine.elements import Element, ElementKind

BLANK = ClarityInput(title="改进")


def element(kind: ElementKind) -> Element:
    return Element(kind, "某处", 0, 2, 0.9)


def with_element(kind: ElementKind) -> Callable[[ClarityInput], ClarityInput]:
    return lambda need: replace(need, elements=[*need.elements, element(kind)])


def with_filled(name: str) -> Callable[[ClarityInput], ClarityInput]:
    return lambda need: replace(need, filled={**need.filled, name: True})


REMEDIES: dict[str, Callable[[ClarityInput], ClarityInput]] = {
    "indicators": lambda need: replace(need, indicators=[Indicator("硬度", 55, None, "HRC")]),
    "problem": with_element("problem"),
    "object": with_element("object"),
    "means": with_element("process"),
    "constraint": with_element("constraint"),
    "current": with_filled("current"),
    "detail": lambda need: replace(need, background=need.background + "说" * ENOUGH_TEXT),
    "plain": lambda need: replace(need, goal="把每班的产量从四百件做到六百件，一周内能换三次型号。"),
    "tried": with_filled("tried"),
    "tags": lambda need: replace(need, tags=["cladding"]),
    "budget": with_filled("budget"),
    "expected_months": with_filled("expected_months"),
}


def codes(need: ClarityInput) -> dict[str, int]:
    return {gap.code: gap.points for gap in assess_clarity(need).gaps}


def test_the_points_of_all_criteria_add_up_to_a_hundred() -> None:
    assert sum(criterion.points for criterion in CRITERIA) == 100
    assert len({criterion.code for criterion in CRITERIA}) == len(CRITERIA)


def test_a_blank_need_has_every_gap_and_no_point() -> None:
    clarity = assess_clarity(ClarityInput(title=""))
    assert clarity.score == 0
    assert [gap.points for gap in clarity.gaps] == sorted((c.points for c in CRITERIA), reverse=True)


@pytest.mark.parametrize("code", list(REMEDIES))
def test_closing_a_gap_raises_the_score_by_its_points(code: str) -> None:
    before = (
        replace(BLANK, goal="提高效率，降低成本，把这件事情做到行业领先水平，希望尽快。") if code == "plain" else BLANK
    )
    after = REMEDIES[code](before)
    assert code in codes(before)
    assert code not in codes(after)
    gained = assess_clarity(after).score - assess_clarity(before).score
    assert gained == sum(points for gap, points in codes(before).items() if gap not in codes(after))
    assert gained == codes(before)[code] or code in {"detail", "plain"}


def test_closing_all_gaps_makes_a_hundred_and_never_falls_on_the_way() -> None:
    need, score = BLANK, assess_clarity(BLANK).score
    for remedy in REMEDIES.values():
        need = remedy(need)
        assert assess_clarity(need).score >= score
        score = assess_clarity(need).score
    assert score == 100
    assert assess_clarity(need).gaps == ()


def test_a_wish_without_a_figure_is_vague_and_with_one_is_not() -> None:
    vague = replace(BLANK, goal="希望提高生产效率，降低能耗，整条线都能跟上客户的节奏。")
    plain = replace(BLANK, goal="希望提高生产效率20%，降低能耗，整条线都能跟上客户的节奏。")
    assert "plain" in codes(vague)
    assert "plain" not in codes(plain)


def test_an_indicator_without_a_unit_or_value_is_not_measurable() -> None:
    for indicator in (Indicator("硬度", None, None, "HRC"), Indicator("合格", 1, None, "")):
        assert "indicators" in codes(replace(BLANK, indicators=[indicator]))


def test_what_the_text_says_of_budget_and_time_counts_like_the_field() -> None:
    need = replace(BLANK, goal="试过高温烧结，效果不好。预算30万元以内，6个月内完成。")
    assert {"budget", "expected_months", "tried"}.isdisjoint(codes(need))


def test_every_gap_says_what_it_is_worth() -> None:
    for gap in assess_clarity(ClarityInput(title="")).gaps:
        assert gap.text.endswith(f"，预计可提高 {gap.points} 分。")
