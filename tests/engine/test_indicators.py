import json
from pathlib import Path
from typing import Any

import pytest

from apps.engine.indicators import Side, parse_indicators

EXAMPLES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "fixtures/engine/indicators.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
type Row = tuple[str, float | None, float | None, str, bool]


def read(text: str, side: Side = "need") -> set[Row]:
    return {(i.name, i.low, i.high, i.unit, i.is_hard) for i in parse_indicators(text, side=side)}


def precision_and_recall(examples: list[Any]) -> tuple[float, float]:
    """Of whole rows: name, both bounds, unit and hardness must be right."""
    pairs = [(read(e["text"], e["side"]), {tuple(row.values()) for row in e["expected"]}) for e in examples]
    right = sum(len(got & wanted) for got, wanted in pairs)
    return right / sum(len(got) for got, _ in pairs), right / sum(len(wanted) for _, wanted in pairs)


def test_there_are_sentences_of_many_trades_and_many_that_state_no_indicator() -> None:
    assert len(EXAMPLES) >= 200
    assert sum(not e["expected"] for e in EXAMPLES) >= 0.3 * len(EXAMPLES)
    assert sum(e["split"] == "held_out" for e in EXAMPLES) >= len(EXAMPLES) / 3


def test_what_people_write_is_read_with_high_precision_and_recall() -> None:
    precision, recall = precision_and_recall(EXAMPLES)
    assert precision >= 0.95
    assert recall >= 0.85


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
