"""What is read of a capability's description as a promise: little, and nothing doubtful."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.engine.documents import Document, Indicator
from apps.engine.evidence import Evidence
from apps.engine.indicator_signal import verdicts
from apps.engine.offered_figures import READING, offered_figures
from apps.engine.sentences import for_capability, for_need

SEEDS = Path(__file__).parents[2] / "seeds/demo_city"
PINNED = {"figures-2": "d9043b640f0bd64c"}
"""After a change of what is read: another name for READING, and what is read of the seeds, as the test prints it."""


def read(text: str, *stated: Indicator) -> list[str]:
    return [figure.text for figure in offered_figures(text, stated)]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("盐雾 7000 小时", ["盐雾 7000 h"]),
        ("本涂层耐中性盐雾 7000 小时，附着力 8 MPa。", ["耐中性盐雾 7000 h", "附着力 8 MPa"]),
        ("该涂层孔隙率低于 1%；硬度达到 58HRC。", ["孔隙率 ≤ 1%", "硬度 ≥ 58 HRC"]),
        ("整机噪声不高于 62 dB", ["噪声 ≤ 62 dB"]),
        ("功耗 25 mW，可装在燃气灶上。", ["功耗 25 mW"]),
    ],
)
def test_a_property_that_needs_no_further_word_is_read(text: str, figures: list[str]) -> None:
    assert read(text) == figures


@pytest.mark.parametrize(
    "text",
    [
        "可加工硬度 60HRC 的淬硬钢",
        "适用于硬度不高于 45HRC 的工件",
        "传统涂层盐雾 500 小时",
        "拟将盐雾时间提高到 3000 小时",
        "喷涂前要求粗糙度 Ra 不低于 40 μm",
        "反应压力 8 MPa，温度 180 ℃",
        "硬度保持 84%",
        "去除率 98%",
        "不耐 200 ℃ 以上高温",
        "预计合格率可达 99%",
        "合格率由 82% 提高到 96%",
        "刀具寿命长，硬度 62HRC 淬硬钢一次成形",
        "硬度 20~70 HRC 均可测量",
        "准确率高于人工的 85%",
        "盐雾500小时即失效的旧工艺被替代",
        "十年经验，服务企业 300 家",
        "",
    ],
)
def test_what_is_doubtful_is_left_unsaid(text: str) -> None:
    assert read(text) == []


def test_two_figures_of_one_property_cancel_each_other() -> None:
    assert read("60 μm 厚时盐雾 720 小时，喷涂两道盐雾 1500 小时。") == []
    assert read("盐雾 720 小时。该涂层盐雾 720 小时无锈。") == ["盐雾 720 h"]


def test_what_the_form_states_is_not_read_again() -> None:
    assert read("盐雾 7000 小时", Indicator("耐盐雾时间", 5000, None, "h")) == []
    assert read("VOC 低于 60 g/L", Indicator("VOC含量", None, 60, "g/L")) == []


def test_a_figure_that_was_read_is_told_as_such() -> None:
    need = Document("n", "防腐涂层", indicators=(Indicator("盐雾时间", 5000, None, "h"),))
    capability = Document("c", "长效防腐涂层", "盐雾 7000 小时", indicators=offered_figures("盐雾 7000 小时", ()))
    (verdict,) = verdicts(need, capability)
    assert verdict.text == "盐雾时间要求 ≥ 5000 h，对方为 7000 h（按介绍所写），满足"


def test_either_side_is_told_where_the_figure_stands() -> None:
    need = Document("n", "防腐涂层", indicators=(Indicator("盐雾时间", 5000, None, "h"),))
    figures = offered_figures("盐雾 7000 小时", ())
    evidence = Evidence(
        need=need,
        capability=Document("c", "长效防腐涂层", "盐雾 7000 小时", indicators=figures),
        score=70.0,
        parts=(),
        terms=("防腐涂层",),
        renamed=(),
        tags=(),
        verdicts=verdicts(need, Document("c", "", indicators=figures)),
    )
    assert "介绍里写的是 7000 h，满足" in for_need(evidence).text
    assert "您介绍里写的是 7000 h，满足" in for_capability(evidence).text


def seeds() -> Iterator[str]:
    for path in sorted(SEEDS.glob("*.capabilities.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            yield "\n".join(row[name] for name in ("title", "value", "description") if row.get(name))


def test_what_is_read_has_a_name() -> None:
    """Kept figures carry READING: whoever changes what is read and not the name would leave old ones in use."""
    figures = [read(text) for text in seeds()]
    assert {READING: hashlib.sha256(repr(figures).encode()).hexdigest()[:16]} == PINNED
