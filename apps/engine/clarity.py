"""How workable a need is as it is written, 0 to 100, and what would make it better.

The score is the sum of the points of the criteria that are met (docs/matching.md lists them); nothing is weighed
against anything else, so that adding what a gap asks for raises the score by just its points.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from apps.engine.documents import Indicator
from apps.engine.elements import Element
from apps.engine.text import LONGEST_TEXT

ENOUGH_TEXT = 120
"""Characters of background and goal together. A page of the demo city's needs that led to a contract has more."""


@dataclass(frozen=True, slots=True)
class ClarityInput:
    """A need as far as it is filled in.

    `filled` says which further fields have something in them: "budget", "expected_months", "tried", "unwanted" (routes
    not accepted) and "current" (a present value beside an indicator) are read.
    """

    title: str
    background: str = ""
    goal: str = ""
    indicators: Sequence[Indicator] = ()
    elements: Sequence[Element] = ()
    tags: Sequence[str] = ()
    filled: Mapping[str, bool] = field(default_factory=dict)

    @property
    def body(self) -> str:
        return f"{self.background}\n{self.goal}"[:LONGEST_TEXT]

    def has(self, *kinds: str) -> bool:
        """Whether an element of one of these kinds was found or confirmed."""
        return any(element.kind in kinds for element in self.elements)


@dataclass(frozen=True, slots=True)
class ClarityGap:
    """What is missing: `points` are gained by adding it; `text` says so to the person, in Chinese."""

    code: str
    points: int
    text: str


@dataclass(frozen=True, slots=True)
class Clarity:
    """`score` 0 to 100; the gaps' points are what is missing to 100; the best gain first."""

    score: int
    gaps: tuple[ClarityGap, ...]


_NUMBER = re.compile(r"\d|[一二两三四五六七八九十百]{1,6}(?:成|倍|万|多?[天次件吨台个])")
_CLAUSE = re.compile(r"[^。；;！!？?\n，,]+")
_NOW = re.compile(
    r"目前|现在|现有|现用|现状|原来|当前|只有|只能|仅|平均|普遍|左右|上个月|去年|今年|每(?:月|天|年|次|件|班|吨)|一(?:次|天|年|个月)"
)
_TRIED = re.compile(r"(?:尝?试|用|换|做|改|采用|请|买|找|考虑)过|试了|曾(?:经)?(?:采用|使用|尝试|试)|现采用")
_BUDGET = re.compile(
    r"(?:预算|投入|投资|经费|资金)[^，。；\n]{0,14}\d+(?:\.\d+)?\s*(?:万|亿|元)|(?<!\d)\d+(?:\.\d+)?\s*万元?[^，。；\n]{0,4}(?:预算|以内)"
)
_MONTHS = re.compile(
    r"(?<!\d)\d+\s*个?(?:月|年)(?:之?内|以内|完成|交付)|[一二三四五六七八九十半两]{1,6}个?(?:月|年)(?:之?内|以内)|(?:年底|月底|年内)(?:之?前)?|(?:工期|期限)[^，。；\n]{0,6}\d"
)
_VAGUE = re.compile(
    r"(?:提高|提升|改善|增强|优化|降低|减少|节约|缩短)[^，。；\n\d]{0,6}(?:效率|质量|性能|成本|能耗|水平|效益|稳定性|可靠性|合格率|良率|产量|寿命|精度)|性能优良|国内领先|国际先进|先进水平|高性能|高效节能|做到最好"
)


def assess_clarity(need: ClarityInput) -> Clarity:
    """The points a need has, and its gaps."""
    missing = [criterion for criterion in CRITERIA if not criterion.is_met(need)]
    gaps = tuple(
        ClarityGap(c.code, c.points, f"{c.ask.removesuffix('。')}，预计可提高 {c.points} 分。")
        for c in sorted(missing, key=lambda c: -c.points)
    )
    return Clarity(100 - sum(gap.points for gap in gaps), gaps)


@dataclass(frozen=True, slots=True)
class Criterion:
    """`is_met` is asked of the whole need; `ask` is what a person is told where it is not, without the points."""

    code: str
    points: int
    is_met: Callable[[ClarityInput], bool]
    ask: str


def _is_measured(need: ClarityInput) -> bool:
    return any(i.unit and (i.low is not None or i.high is not None) for i in need.indicators)


def _tells_the_present(need: ClarityInput) -> bool:
    if need.filled.get("current"):
        return True
    return any(_NOW.search(clause) and _NUMBER.search(clause) for clause in _CLAUSE.findall(need.body))


def _is_long_enough(need: ClarityInput) -> bool:
    return len("".join(need.body.split())) >= ENOUGH_TEXT


def _is_plain(need: ClarityInput) -> bool:
    """No wish without a figure in its sentence; nothing was said yet, nothing is plain yet."""
    sentences = re.split(r"[。；;！!？?\n]", need.body)
    vague = any(_VAGUE.search(sentence) and not _NUMBER.search(sentence) for sentence in sentences)
    return len("".join(need.body.split())) >= 20 and not vague


def _names_a_constraint(need: ClarityInput) -> bool:
    return bool(need.filled.get("unwanted")) or need.has("constraint")


def _told(name: str, pattern: re.Pattern[str]) -> Callable[[ClarityInput], bool]:
    return lambda need: bool(need.filled.get(name)) or bool(pattern.search(need.body))


def gettext_noop(sentence: str) -> str:
    """Marks what pages say in other languages too; the engine itself speaks Chinese."""
    return sentence


CRITERIA = (
    Criterion(
        "indicators",
        20,
        _is_measured,
        gettext_noop(
            "写一条能测量的指标，带数值和单位，例如“表面硬度不低于 55 HRC”。专家据此判断做不做得到，匹配也会逐条比对。"
        ),
    ),
    Criterion(
        "problem",
        15,
        lambda need: need.has("problem"),
        gettext_noop("说说现在哪里不好，什么情况下出现，例如“焊缝在低温下易开裂”。问题说清了，才找得到解决过它的人。"),
    ),
    Criterion(
        "object",
        12,
        lambda need: need.has("object", "material"),
        gettext_noop("写明是哪种产品、零件或物料，例如“球墨铸铁阀体”。写到具体的东西，匹配会更准。"),
    ),
    Criterion(
        "current",
        10,
        _tells_the_present,
        gettext_noop("写出目前的数值，例如“目前合格率只有 82%”。知道差多少，对方才好报方案和价格。"),
    ),
    Criterion(
        "detail",
        8,
        _is_long_enough,
        gettext_noop("把背景和目标再写细一些：用什么设备、产量多大、什么工况。一般一百多字就够用。"),
    ),
    Criterion(
        "means",
        8,
        lambda need: need.has("process", "material"),
        gettext_noop("写出现在用的工艺或材料，例如“等离子喷涂”“304 不锈钢”。同行一看就知道是不是自己的领域。"),
    ),
    Criterion(
        "constraint",
        6,
        _names_a_constraint,
        gettext_noop("写出不能动的条件，例如“不换设备”“单件成本增加不超过 2 元”。免得对方白做方案。"),
    ),
    Criterion(
        "plain",
        5,
        _is_plain,
        gettext_noop(
            "把“提高效率”“降低成本”这类说法换成数字，例如“每班产量从 400 件提高到 600 件”。有了数字才好衡量。"
        ),
    ),
    Criterion("tried", 5, _told("tried", _TRIED), gettext_noop("说说试过什么办法、结果怎样。专家可以少走弯路。")),
    Criterion(
        "tags", 4, lambda need: bool(need.tags), gettext_noop("选一个或几个标签。按领域查找的专家更容易看到这条需求。")
    ),
    Criterion(
        "budget", 4, _told("budget", _BUDGET), gettext_noop("给一个投入资金的大致范围。对方好掂量做到什么程度。")
    ),
    Criterion(
        "expected_months",
        3,
        _told("expected_months", _MONTHS),
        gettext_noop("写明希望几个月内完成。赶不赶得上，对方心里有数。"),
    ),
)
"""Points add up to 100."""
