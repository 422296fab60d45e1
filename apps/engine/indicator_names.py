"""When two indicator names mean the same property."""

import re
from functools import lru_cache

from apps.engine.text import normalise

_SAME = (
    "耐温 耐热温度 使用温度 工作温度 耐高温 耐受温度 长期使用温度 最高使用温度 耐热 耐热性 耐高温性能 服役温度",
    "噪声 噪音 运行噪声 运行噪音 工作噪声 工作噪音 整机噪声 声压级",
    "合格率 良品率 良率 成品率 产品合格率 一次合格率",
    "抗拉强度 拉伸强度 抗张强度",
    "抗弯强度 弯曲强度 抗折强度",
    "含水率 含水量 水分 水分含量 水含量",
    "粒径 粒度 颗粒直径 颗粒粒径",
    "漏检率 漏判率 漏报率",
    "误检率 误判率 误报率 过杀率",
    "准确率 识别率 识别准确率 检测准确率 检出率",
    (
        "盐雾时间 耐盐雾 耐盐雾时间 盐雾试验 盐雾试验时间 盐雾测试 耐盐雾试验 通过盐雾试验 通过盐雾测试"
        " 中性盐雾 中性盐雾时间 中性盐雾试验 耐中性盐雾 耐中性盐雾试验 盐雾"
    ),
    "节拍 生产节拍 单件节拍 单件时间 加工节拍",
    "能耗 单位能耗 综合能耗",
    "寿命 使用寿命 服役寿命 工作寿命",
    "循环寿命 循环次数 充放电次数",
    "附着力 结合力 涂层附着力",
    "重复定位精度 重复精度",
    "粗糙度 表面粗糙度 ra",
    "化学需氧量 cod codcr cod浓度 出水cod",
    "氨氮 出水氨氮 氨氮浓度",
    "处理量 处理能力",
    "产能 生产能力 年产能 年产量 产量",
    "重量 质量 自重 整机重量",
    "成本 单位成本 生产成本 制造成本",
    "能量密度 比能量 质量能量密度",
    "导热系数 热导率 导热率",
    "孔隙率 气孔率",
    "硬度 表面硬度",
    "去除率 脱除率 去除效率",
)
_GROUP = {name: line.split()[0] for line in _SAME for name in line.split()}
_WRAPPING = re.compile(
    r"^(?:产品|系统|设备|整机|平均|额定|总体|整体|最终|主要)+|(?:要求|指标|数值|值|性能|范围|水平)+$"
)


@lru_cache(maxsize=50_000)
def names_agree(a: str, b: str) -> bool:
    """Whether two indicator names mean the same property.

    True for the same name, known synonyms, the same characters in another order, and a name that ends in
    the other ("涂层厚度" and "厚度"). Rather too strict: a wrong comparison misleads, a missing one does not.
    """
    one, other = _plain(a), _plain(b)
    if not one or not other:
        return False
    if one == other or sorted(one) == sorted(other):
        return True
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return len(shorter) >= 2 and longer.endswith(shorter)


def property_of(name: str) -> str:
    """One name for all known names of the same property: 耐盐雾时间 and 盐雾试验 have one."""
    return _plain(name)


def _plain(name: str) -> str:
    compact = normalise(name).replace(" ", "")
    bare = _WRAPPING.sub("", compact) or compact
    return _GROUP.get(compact) or _GROUP.get(bare, bare)
