"""Amounts on the pages of figures: rounded to what a person would say, in the steps of the language."""

import pytest
from django.utils import translation

from apps.stats.report.amounts import cell, heading
from apps.stats.templatetags.figures import axis, money


@pytest.mark.parametrize(
    ("fen", "chinese", "english", "short"),
    [
        (0, "0 元", "0 ", "0"),
        (999_949, "9,999 元", "9,999 ", "9,999"),
        (352_600_00, "35.3 万元", "352,600 ", "35.3万"),
        (3_526_000_00, "352.6 万元", "3.53 ", "352.6万"),
        (24_100_000_000, "2.41 亿元", "241.00 ", "2.41亿"),
        (1_200_00000000_00, "1,200.00 亿元", "120.00 ", "1,200.00亿"),
        (-3_526_000_00, "-352.6 万元", "-3.53 ", "-352.6万"),
    ],
)
def test_an_amount_is_counted_by_the_steps_of_its_language(fen: int, chinese: str, english: str, short: str) -> None:
    assert (money(fen), axis(fen, True)) == (chinese, short)
    with translation.override("en"):
        assert money(fen).startswith(english)
        assert "元元" not in money(fen)
        assert axis(fen, True).startswith(english.strip())


def test_a_report_keeps_to_one_unit() -> None:
    assert [cell(fen, is_money=True) for fen in (0, 8_400_000_0, 24_100_000_000)] == ["0", "84.0", "24,100.0"]
    assert heading("到账额", is_money=True) == "到账额（万元）"
    assert (heading("需求", is_money=False), cell(1234, is_money=False)) == ("需求", "1,234")
    with translation.override("en"):
        assert [cell(fen, is_money=True) for fen in (0, 8_400_000_0, 24_100_000_000)] == ["0", "840", "241,000"]
