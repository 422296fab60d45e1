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


@pytest.mark.parametrize("text", ["盐雾试验3500h，结合强度60MPa", "涂层耐盐雾试验达3500小时", "通过盐雾测试3500 h"])
def test_hours_of_a_salt_spray_test_are_what_a_coating_offers(text: str) -> None:
    assert ("h", 3500.0) in {(i.unit, i.low) for i in parse_indicators(text, side="capability")}


def test_a_wish_is_not_hard() -> None:
    assert [i.is_hard for i in parse_indicators("力争硬度达到60HRC，厚度不小于2mm。")] == [False, True]


@pytest.mark.parametrize(
    "text", ["", "9" * 200_000, "≥" * 50_000, "5~" * 50_000, "厚度≥5mm，" * 20_000, "10^999999 强度≥1×10^999 MPa"]
)
def test_hostile_texts_have_a_bounded_answer(text: str) -> None:
    assert len(parse_indicators(text)) <= 20_000


def rows(text: str, side: Side = "need") -> list[str]:
    """The indicators in short, in the order of the text: "耐温 ≥ 300 ℃"."""
    return [indicator.text for indicator in parse_indicators(text, side=side)]


def test_present_values_are_no_targets_of_a_need_and_are_what_a_capability_offers() -> None:
    text = "目前样机载荷为500kg，定位精度±0.05mm。"
    assert rows(text) == []
    assert rows(text, "capability") == ["样机载荷 500 kg", "定位精度 ±0.05 mm"]


def test_what_stands_under_a_heading_of_the_present_is_no_target() -> None:
    text = "现有工作基础：\n1、已建成产线，涂层硬度达到HRC55。\n预期目标：\n1、涂层硬度达到HRC60。"
    assert rows(text) == ["涂层硬度 ≥ 60 HRC"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("回收率由60%提高到85%。", ["回收率 ≥ 85%"]),
        ("定位精度由0.1mm提高到0.02mm。", ["定位精度 ≤ 0.02 mm"]),
        ("拼接误差达到0.3mm，识别精度达到99%。", ["拼接误差 ≤ 0.3 mm", "识别精度 ≥ 99%"]),
        ("降低能耗，由原来的每天600度电降至450度以下。", ["能耗 ≤ 450 kWh"]),
        ("合格率偏低，希望提高到98%。", ["合格率 ≥ 98%"]),
    ],
)
def test_a_change_asks_for_where_it_leads(text: str, expected: list[str]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("拉伸强度和断裂伸长率分别不低于20MPa和400%。", ["拉伸强度 ≥ 20 MPa", "断裂伸长率 ≥ 400%"]),
        ("抗弯强度、抗压强度均大于50MPa。", ["抗弯强度 ≥ 50 MPa", "抗压强度 ≥ 50 MPa"]),
        ("风机要能产生150PA的压强。", ["压强 150 Pa"]),
        ("需在-40℃~60℃环境下正常工作。", ["工作温度 -40~60 ℃"]),
        ("开发一种耐150℃高温的胶。", ["耐高温 150 ℃"]),
        ("要求10秒内完成检测。", ["检测时间 ≤ 10 s"]),
        ("附着力（拉开法，MPa）：≥8；抗拉强度/MPa≥500", ["附着力 ≥ 8 MPa", "抗拉强度 ≥ 500 MPa"]),
    ],
)
def test_a_name_is_found_before_behind_and_in_lists(text: str, expected: list[str]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("反应温度60～80度，白度≥90度，安装倾角15度。", ["反应温度 60~80 ℃", "白度 ≥ 90 度", "安装倾角 15 °"]),
        ("介电强度≥25kV/mm②损耗≤5%", ["介电强度 ≥ 25 kV/mm", "损耗 ≤ 5%"]),
        ("注入剂量达到3×1015ions/cm2以上", ["注入剂量 ≥ 3e+15 ions/cm²"]),
        ("抗压强度达到5000万Pa", ["抗压强度 ≥ 5000 万Pa"]),
        ("废品率不超过千分之三点五，光泽度≥85GU", ["废品率 ≤ 3.5 ‰", "光泽度 ≥ 85 GU"]),
        ("膜通量≥20L/(m2·h)，流速为每分钟20升", ["膜通量 ≥ 20 L/(m²·h)", "流速 20 L/min"]),
    ],
)
def test_numbers_and_units_are_read_as_engineers_and_typists_write_them(text: str, expected: list[str]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "成品尺寸20×30cm，配比1:3。",
        "若含水率超过14%，玉米就容易发霉。",
        "水温每上升1度，能耗增加3%。",
        "换热效率下降约20%，每3个月停机清洗一次。",
        "我公司年加工能力3万吨，产品合格率92%左右。",
        "样本含量在1天内即发生降解。",
    ],
)
def test_what_nobody_asks_for_stays_out(text: str) -> None:
    assert rows(text) == []


@pytest.mark.parametrize(
    ("text", "is_hard"),
    [
        ("硬度达到60HRC。", True),
        ("希望硬度达到60HRC。", False),
        ("希望开发硬度达到60HRC的刀具。", True),
        ("最好能把硬度提高到60HRC。", False),
    ],
)
def test_what_is_hoped_for_is_wished_and_what_is_hoped_to_be_made_is_not(text: str, *, is_hard: bool) -> None:
    assert [indicator.is_hard for indicator in parse_indicators(text)] == [is_hard]


def test_every_span_lies_in_the_text_and_ends_with_the_figure_or_its_name() -> None:
    for example in EXAMPLES:
        for found in parse_indicators(example["text"], side=example["side"]):
            span = example["text"][found.start : found.end]
            assert found.name[:2] in span or any(sign.isdigit() or sign in "百千万" for sign in span)
            assert 0 <= found.start < found.end <= len(example["text"])


def test_a_log_of_measurements_is_read_up_to_a_bound() -> None:
    assert len(parse_indicators("厚度≥5mm，" * 3_000)) <= 800
