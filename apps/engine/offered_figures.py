"""Figures that a capability's text promises, where its form has no row for them.

A wrong figure costs the supplier trust, a missing one a question. So only those are read of which there is no doubt: a
property that needs no further word to be understood (PROPERTIES), named as such and in its unit, said of what is
offered, and said once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from apps.engine.documents import Indicator
from apps.engine.indicator_names import names_agree, property_of
from apps.engine.indicators import parse_indicators
from apps.engine.units import unit_of

READING = "figures-2"
"""Changes with what is read of a text."""

PROPERTIES = {
    "盐雾": ("h", "d"),
    "噪声": ("dB", "dB(A)"),
    "合格率": ("%",),
    "漏检率": ("%",),
    "误检率": ("%",),
    "准确率": ("%",),
    "抗拉强度": ("MPa",),
    "抗弯强度": ("MPa",),
    "抗压强度": ("MPa",),
    "屈服强度": ("MPa",),
    "剪切强度": ("MPa",),
    "附着力": ("MPa",),
    "硬度": ("HRC", "HRA", "HRB", "HV", "HB", "邵A", "邵D"),
    "粗糙度": ("μm",),
    "孔隙率": ("%",),
    "粒径": ("μm",),
    "重复定位精度": ("mm",),
    "定位精度": ("mm",),
    "耐温": ("℃",),
    "能量密度": ("Wh/kg", "Wh/L"),
    "导热系数": ("W/(m·K)",),
    "功耗": ("W",),
    "VOC": ("g/L",),
    "VOC含量": ("g/L",),
}
"""Each with units of every dimension it is measured in."""

_DIMENSIONS = {property_of(name): {unit_of(unit).dimension for unit in units} for name, units in PROPERTIES.items()}
_MAY_TELL = re.compile(
    r"(?:盐雾|噪[声音]|声压级|格率|[良成]品率|良率|[检判报]率|识别率|准确率|过杀率|强度|附着力|结合力|硬度|粗糙度|r[az]"
    r"|孔隙率|气孔率|粒[径度]|精度|[耐用作]温度?|耐[热高受]|服役温度|密度|比能量|导热|热导|功耗|voc)[^。；;\n]{0,20}\d",
    re.IGNORECASE,
)
_WHOSE = re.compile(r"^(?:本|该|其)?(?:涂层|涂料|镀层|膜层|设备|系统|整机|传感器)?的?(?=..)")
_SENTENCE_ENDS = re.compile(r"[。；;！!？?\n]")
_CLAUSE_ENDS = re.compile(r"[，,。；;！!？?\n]")
_NOT_OFFERED = re.compile(
    r"适[用合于配]|用于|针对|面向|处理|加工|切削|对于|要求|[必需]须|须|需|原[来有先料]|传统|国外|进口|市[场面]|同类|常规|普通"
    r"|对[比照]|相比|较[之原]|比[^例重热表强]|预[计期]|目标|拟|力争|争取|计划|有望|理论|仿真|模拟|由|从|不[耐适能含到足低]|若|如果|当"
    r"|人工|客户|用户|企业|厂家|某|[改处]造前|失效|测量|可测|检测范围"
)
_SAID_IN_FULL = re.compile(
    r"\s*(?:左右|以[上下内])?\s*(?:$|[，,。；;、）)/\n]|(?:合格|无|不|仍|且|即可)[^，,。；;\n]{0,8}(?:$|[，,。；;\n]))"
)
"""What may follow a figure: an end, or how it was passed; not the workpiece that has it ("60HRC 淬硬钢")."""


def offered_figures(text: str, stated: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """What the text surely promises beside the `stated` indicators, each with the span it was read from."""
    if not _MAY_TELL.search(text):
        return ()
    found = [replace(each, name=_WHOSE.sub("", each.name)) for each in parse_indicators(text, side="capability")]
    return tuple(dict(_sure(text, found, stated)).values())


def _sure(text: str, found: Sequence[Indicator], stated: Sequence[Indicator]) -> Iterator[tuple[str, Indicator]]:
    for each in found:
        rivals = (other for other in found if names_agree(other.name, each.name))
        if (
            unit_of(each.unit).dimension in _DIMENSIONS.get(property_of(each.name), ())
            and all(_bounds(other) == _bounds(each) for other in rivals)
            and not any(_may_be_the_same(other.name, each.name) for other in stated)
            and _is_offered(text, each)
        ):
            yield property_of(each.name), replace(each, is_hard=True)


def _may_be_the_same(one: str, other: str) -> bool:
    return names_agree(one, other) or one in other or other in one


def _is_offered(text: str, figure: Indicator) -> bool:
    """Whether it is said of what is offered: not of a workpiece, a rival, a plan or a condition."""
    begins = max((end.end() for end in _SENTENCE_ENDS.finditer(text, 0, figure.start)), default=0)
    clause = _CLAUSE_ENDS.search(text, figure.end)
    ends = clause.start() if clause else len(text)
    return not _NOT_OFFERED.search(text, begins, ends) and bool(_SAID_IN_FULL.match(text, figure.end))


def _bounds(figure: Indicator) -> tuple[float | None, float | None, str]:
    return figure.low, figure.high, figure.unit
