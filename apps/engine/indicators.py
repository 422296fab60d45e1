"""Reads technical indicators out of what people write: "耐温不低于300℃,硬度 HRC55~60".

Rather too strict than too free: a proposal a person must delete costs more than one she types.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

from apps.engine.documents import Indicator
from apps.engine.highlight import fold
from apps.engine.quantities import Quantity, find_quantities
from apps.engine.text import LONGEST_TEXT
from apps.engine.units import stands_alone
from apps.engine.verdicts import IndicatorVerdict, compare

__all__ = ["IndicatorVerdict", "compare", "parse_indicators"]

_SENTENCE_END = re.compile(r"[。；;！!？?\n\r]")
_CLAUSE_END = re.compile(r"[，、]|,(?!\d{3})|(?<!\d),")
_MARKER = re.compile(
    r"^\s*(?:[（(]?\d{1,2}[)）.．、](?!\d)|[①-⑳]|[-•·*—●■◆]|[（(]?[一二三四五六七八九十]+[、.)）])+\s*"
)
_LEADING = re.compile(
    r"^(?:要求|需要|需求|需|应当|应(?![力变急])|希望|力争|争取|最好|尽量|期望|目标|拟|预期|使得|使(?!用)|将|并且|并|且|同时|以及|和|及|与|其中|其|该|确保|保证"
    r"|实现|满足|可以|能够|能(?![耗量效源])|可(?!靠)|即|如|但是|但|而|还|另外|此外|左右|以上|以内|我们|我司|我厂|公司|内(?![径部阻应压])|后|的|一般|通常"
    r"|现在|目前|现有|原来|当前|把|对(?!中)|特别是|尤其是?|对于|针对|由|从|若|零下|进一步|再|研发|开发|研制|一种|客户|用户|主要(?:技术)?(?:指标|参数)(?:为|包括|是|有)?"
    r"|(?:技术|性能)指标(?:为|包括|是|有|要求)?|(?:提高|提升|升|增加|延长|降低?|减少?|缩短|压缩|控制)(?:到|至|在)|[\s:：\"“”)）])+"
)
_TRAILING = re.compile(
    r"(?:应当|应该|应|需要|需|须|必须|要求|要|能够|(?<![产性节功])能|可以|可|均|都|也|保持|维持|稳定|控制|的|了|大约|约|为|是|在|将|使|由|从|到|至|也要|每次"
    r"|目前|原来|现在|原先|只有|只能|仅|不足|已达|已|高达|长达|零下|[\s:：\"“”=])+$"
)
_MODAL = re.compile(r"(?<=..)(?:必须|须|需要?|应当|应该)(?!求)")
_UNDER = re.compile(r"(?:条件|环境|工况|温度|载荷|压力)[下中]|^(?:条|环|工)?[件境况]下")
_NO_NAME = frozenset(["每天", "每年", "每月", "每小时", "每次", "最低", "最高", "单次", "一次", "大于", "小于"])
_PROPERTY = re.compile(
    r"(?:度|率|量|温|耐热|压|力|寿命|时间|周期|时长|面积|体积|容积|成本|价格|单价|造价|费用|直径|[外内孔粒线管轴]径|半径|保[鲜质]期|质保期|货架期|交期|d\d\d|[长宽高厚深]|间?距|[行量]程|误差|公差"
    r"|偏差|噪[声音]|电流|频|功耗|[能电水气汽油料]耗|节拍|[流转线车]?速|ph|模量|系数|阻|值|比|等级|级别|目数|次数|尺寸|规格|自重|重|质量|cod|氨氮|总[磷氮]"
    r"|ra|范围|差|剂量|产能|损失|排放|盐雾|容量|首效|分辨率|像素|层数|幅宽|跨度|收率|含[水硫油碳氮铁]率?)(?:[（(][^（()）]*[)）])?$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"(?:提高|提升|增加|增长|延长|降低|减少|缩短|下降|节约|节省|降|节能|节电|节水|增产)$|^(?:提高|提升|降低|减少|缩短|节约|节省)"
)
_STATISTICS = re.compile(
    r"全国|我国|全球|世界|全行业|行业(?!标准)|市场|份额|占比|占有率|占到|占据|同比|销售|产值|营收|营业|利润|利税|税收|投资|预算|经费|注册资|员工"
    r"|职工|人员|学历|专利|论文|占地|建筑面积|成立|建于|年薪|人均|订单|进口量|出口量|高工|博士|硕士|补贴|贷款|投入"
)
_OF_MANY = re.compile(r"\s*的?(?:企业|厂家|用户|市场|公司|工厂|客户|人|同行|农户|厂|国家|地区|产品都|单位|家)")
_NOW = re.compile(
    r"目前|现有|现在|现状|原来|原有|原先|以往|传统|过去|现行|当前|国外|国内|进口|现用|之前|去年|今年|已有|已达|只有|只能|仅|不足|高达|长达|多达|才|常规|实测|经常|往往|若|如果|每[减增降提]|证明|表明|对于|针对"
)
_GOAL = re.compile(
    r"要求|需|希望|目标|力争|争取|拟|应|期望|想|必须|提高到|提升到|降到|降至|降低到|缩短到|控制在|不[低高小大超少得能]"
)
_CONDITION = re.compile(
    r"\s*(?:的?(?:条件|环境|工况|载荷|负荷|温度|高温|低温|水压|压力|湿度)|下(?![降限])|时(?!间)|级)"
)
_FROM = re.compile(r"(?:由|从)(?:原来|目前|现在|原先)?的?\s*$")
_WISHED = re.compile(r"最好|力争|争取|尽量|尽可能|理想|期望|左右|有条件|如能")
_SIGN = re.compile(r"[≥≧≤≦<>=±⩾⩽]")
_STRICT = re.compile(r"[≥≧≤≦<>±⩾⩽]|不[^\d]|至[少多]|以[上下内]|最[低高多]")
_COSTS = re.compile(r"成本|价|费|造价")
_PARENTHESIS = re.compile(r"[（(][^（()）]*[)）]")
_NAMED_SCALES = frozenset({"HRC", "HRA", "HV", "HB", "邵A", "IP", "pH"})
LONGEST_NAME = 16
FARTHEST = 120
"""Characters around a quantity that are looked at: a text without any stop must not take forever."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A quantity where it stands: its sentence and clause in the raw text."""

    text: str
    quantity: Quantity
    sentence_start: int
    clause_start: int
    clause_end: int
    previous_end: int

    @property
    def left(self) -> str:
        """The clause up to the quantity, after the one before it."""
        return self.text[max(self.clause_start, self.previous_end) : self.quantity.start]

    @property
    def clause(self) -> str:
        return self.text[self.clause_start : self.clause_end]

    @property
    def right(self) -> str:
        return self.text[self.quantity.end : self.quantity.end + 12]


def parse_indicators(text: str) -> list[Indicator]:
    """The indicators of a text, in order, each with the span of name and quantity in it.

    Left out: statistics of a trade, money invested, present values ("目前只有 200 ℃"), test conditions, years,
    numbering, standards. A clause without a name of its own ("希望提高到98%以上") takes the one before it.
    """
    raw = text[:LONGEST_TEXT]
    found: list[Indicator] = []
    name, sentence = "", -1
    for place in _places(raw):
        if place.sentence_start != sentence:
            name, sentence = "", place.sentence_start
        own = _name(place.left)
        name = own or name
        if name and _is_indicator(place, own, name):
            found.append(_indicator(place, own, name))
    return found


def _places(raw: str) -> list[_Place]:
    folded = fold(raw)
    sentence_starts = [0, *(m.end() for m in _SENTENCE_END.finditer(folded))]
    clause_starts = sorted([*sentence_starts, *(m.end() for m in _CLAUSE_END.finditer(folded))])
    places: list[_Place] = []
    previous = 0
    for quantity in find_quantities(raw):
        at = bisect_right(clause_starts, quantity.start)
        sentence_start = sentence_starts[bisect_right(sentence_starts, quantity.start) - 1]
        after = clause_starts[at] if at < len(clause_starts) else len(raw)
        clause_start = max(clause_starts[at - 1], quantity.start - FARTHEST)
        clause_end = max(min(after, quantity.end + FARTHEST), quantity.end)
        place = _Place(raw, quantity, sentence_start, clause_start, clause_end, previous)
        places.append(place)
        if (quantity.unit or quantity.is_explicit) and not _opens_parenthesis(place.left):
            previous = quantity.end
    return places


def _opens_parenthesis(left: str) -> bool:
    return max(left.rfind("("), left.rfind("（")) > max(left.rfind(")"), left.rfind("）"))


def _name(left: str) -> str:
    """The name that the words before a quantity end in, or nothing."""
    words = re.split(r"[（(]", left)[-1] if _opens_parenthesis(left) else _PARENTHESIS.sub("", left)
    words = re.split(r"[:：]", words.rstrip(" :：="))[-1]
    words = _TRAILING.sub("", _LEADING.sub("", _UNDER.split(_MARKER.sub("", words))[-1]))
    if len(words) > 6 and "的" in words:
        words = words.rsplit("的", 1)[1]
    words = _MODAL.split(_LEADING.sub("", words).strip(" ~-—"))[0]
    return words if 2 <= len(words) <= LONGEST_NAME and words not in _NO_NAME else ""


def _is_indicator(place: _Place, own: str, name: str) -> bool:
    quantity = place.quantity
    if not stands_alone(quantity.unit) or _is_other_matter(place) or _FROM.search(place.left):
        return False
    if quantity.unit.endswith("元") and not _COSTS.search(name):
        return False
    if quantity.unit == "年" and (quantity.low or quantity.high or 0) >= 1900:
        return False
    if _CONDITION.match(place.right) and not (own and quantity.is_explicit):
        return False
    if _states_the_present(place):
        return False
    return _reads_as_target(place, own, name)


def _is_other_matter(place: _Place) -> bool:
    """Trade statistics, money, staff: figures, but not technical ones."""
    return bool(_STATISTICS.search(place.clause) or _OF_MANY.match(place.right))


def _states_the_present(place: _Place) -> bool:
    """Whether it tells how things are ("目前只有200℃"), in its clause or, where nothing demands, in its sentence."""
    demands = _STRICT.search(place.text[place.quantity.start : place.quantity.end])
    start = place.clause_start if demands else max(place.sentence_start, place.quantity.start - 2 * FARTHEST)
    before = place.text[start : place.quantity.end]
    now = max((m.start() for m in _NOW.finditer(before)), default=-1)
    return now > max((m.start() for m in _GOAL.finditer(before)), default=-1)


def _reads_as_target(place: _Place, own: str, name: str) -> bool:
    quantity = place.quantity
    written = place.text[quantity.start : quantity.end]
    is_property = bool(_PROPERTY.search(name) or _CHANGE.search(name) or quantity.unit in _NAMED_SCALES)
    if not quantity.unit and not (is_property or _SIGN.search(written)):
        return False
    if quantity.is_explicit:
        return is_property or (bool(_STRICT.search(written)) and len(name) <= 10)
    return is_property and bool(own) and bool(quantity.unit)


def _indicator(place: _Place, own: str, name: str) -> Indicator:
    quantity = place.quantity
    low, high = quantity.low, quantity.high
    if low == high and _CHANGE.search(name):
        high = None  # "能耗降低15%" asks for at least that
    start = place.text.rfind(own, place.clause_start, quantity.start) if own else quantity.start
    wished = _WISHED.search(place.left.removeprefix("左右") + place.text[quantity.start : quantity.end])
    return Indicator(name, low, high, _unit(quantity.unit, name), not wished, max(start, 0), quantity.end)


def _unit(written: str, name: str) -> str:
    """The unit, told from the name where it is not written out: 度 of a temperature, pH, 邵A硬度."""
    if written == "°" and "温" in name:
        return "℃"
    scales = (scale for scale in sorted(_NAMED_SCALES) if name.upper().startswith(scale.upper()))
    return written or next(scales, "")
