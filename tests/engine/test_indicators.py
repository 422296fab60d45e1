import json
from pathlib import Path

import pytest

from apps.engine.indicators import parse_indicators

EXAMPLES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "fixtures/engine/indicators.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
type Row = tuple[str, float | None, float | None, str, bool]


def read(text: str) -> set[Row]:
    return {(i.name, i.low, i.high, i.unit, i.is_hard) for i in parse_indicators(text)}


def expected(example: dict[str, list[dict[str, object]]]) -> set[tuple[object, ...]]:
    return {tuple(row.values()) for row in example["expected"]}


def test_what_people_write_is_read_with_high_precision_and_recall() -> None:
    assert len(EXAMPLES) >= 60
    pairs = [(read(example["text"]), expected(example)) for example in EXAMPLES]
    right = sum(len(got & wanted) for got, wanted in pairs)
    assert right / sum(len(got) for got, _ in pairs) >= 0.97
    assert right / sum(len(wanted) for _, wanted in pairs) >= 0.97


@pytest.mark.parametrize("example", [e for e in EXAMPLES if not e["expected"]], ids=lambda e: e["text"][:12])
def test_figures_that_are_no_indicators_stay_out(example: dict[str, str]) -> None:
    assert parse_indicators(example["text"]) == []


def test_the_span_covers_name_and_quantity_in_the_raw_text() -> None:
    text = "１、涂层要求：附着力 ≥ ５ＭＰａ。"
    (indicator,) = parse_indicators(text)
    assert text[indicator.start : indicator.end] == "附着力 ≥ ５ＭＰａ"
    assert indicator.text == "附着力 ≥ 5 MPa"


def test_a_wish_is_not_hard() -> None:
    assert [i.is_hard for i in parse_indicators("力争硬度达到60HRC，厚度不小于2mm。")] == [False, True]


@pytest.mark.parametrize(
    "text", ["", "9" * 200_000, "≥" * 50_000, "5~" * 50_000, "厚度≥5mm，" * 20_000, "10^999999 强度≥1×10^999 MPa"]
)
def test_hostile_texts_have_a_bounded_answer(text: str) -> None:
    assert len(parse_indicators(text)) <= 20_000
