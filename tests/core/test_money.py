"""Amounts of money: by 万 in Chinese, by thousands in English, and never one language's number in the other's words."""

from decimal import Decimal

import pytest
from django.utils import translation

from apps.core.money import from_wan, wan, yuan


@pytest.mark.parametrize(
    ("amount", "in_full", "in_short"),
    [
        ("320000.00", "320,000 元（32 万元）", "32 万元"),
        ("1234567.80", "1,234,567.8 元（123.45678 万元）", "123.45678 万元"),
        ("9999.99", "9,999.99 元", "9,999.99 元"),
        ("100", "100 元", "100 元"),
    ],
)
def test_money_reads_in_yuan_and_wan(amount: str, in_full: str, in_short: str) -> None:
    assert (yuan(Decimal(amount)), wan(Decimal(amount))) == (in_full, in_short)
    assert yuan(None) == wan(None) == ""
    assert from_wan(Decimal(amount) / 10_000) == in_short


def test_money_in_english_is_plain_yuan() -> None:
    with translation.override("en"):
        assert yuan(Decimal(320_000)) == wan(Decimal(320_000)) == from_wan(Decimal(32)) == "320,000 yuan"
