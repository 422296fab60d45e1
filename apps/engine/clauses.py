"""Clauses that tell a problem or set a constraint, trimmed to what a person would write on a label."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.engine.highlight import fold

LONGEST_LABEL = 24
"""Characters of a label; of a longer clause the part around its cue is kept."""


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) of the raw text, and how sure the reading is, 0 to 1."""

    start: int
    end: int
    confidence: float


_BREAKS = re.compile(r"[。；;！!？?\n\r\t，,：:（）()“”\"《》]+|\s{2,}")
_ITEM_BREAKS = re.compile(
    r"[。；;！!？?\n\r\t，,：:（）()“”\"《》、]+|\s{2,}|(?:以及|并且|而且|和(?=[^、，]{1,8}(?:问题|难题|现象|缺陷)))"
)
_LEAD = re.compile(
    r"^(?:\s|[-•·*—●■◆①-⑳]|\d{1,2}[.、．)）]|目前|现在|现阶段|当前|但是?|不过|可是|而且?|并且?|且|同时|另外|此外|还有?|也|又|就|就是|都|会|老是|总是|经常|普遍|存在着?|容易(?=产生|出现|造成)"
    r"|导致|造成|使得?|产生|出现|引起|带来|从而|因此|所以|因为|由于|主要(?:坏在|是|表现为)?|其中|一是|二是|三是|四是|有效|能够?|可以?|需要?|要求?|希望|想要?|最好|解决|避免|防止|消除|克服|减少|改善|降低|抑制|杜绝"
    r"|我们(?:的)?|我厂(?:的)?|我司(?:的)?|公司(?:的)?|企业|于是|结果|甚至|尤其是?|特别是|一直|仍然?|依然|比如|例如|如|以及|及|和|与|等)+"
)
_TAIL = re.compile(
    r"(?:的?(?:等(?:一系列|多种|诸多)?|各种)?(?:问题|难题|现象|情况|缺点|弊端|技术难题)|等|了|的|\s|时|后|以后)+$"
)

_FAULTS = (
    "开裂|裂纹|裂口|裂缝|断裂|爆裂|崩边|崩刃|断刀|断线|断纱|脱落|剥落|起泡|起皮|起皱|起翘|翘曲|鼓包|泄漏|渗漏|漏气|漏油|漏水|漏检|漏失|堵塞|污堵|堵料|卡料|卡死|卡滞|卡顿|打滑|粘连|粘模|粘刀|结垢|结焦|结块|团聚|分层|锈蚀|生锈"
    "|返锈|闪锈|失效|失稳|失控|超标|报废|返工|返修|退货|投诉|索赔|误判|误报|气孔|缩孔|夹渣|砂眼|毛刺|飞边|熔接痕|流痕|色差|色花|缸差|发黏|发粘|发白|发黄|发黑|发硬|发软|发脆|短路|击穿|闪络|拉弧|异响|异味|停机|停产|故障|烧伤|烧损|热斑"
    "|掉粉|掉渣|掉渣|划伤|划痕|缺陷|疵点|不良|隐患|瓶颈|副作用|残留|夹杂|偏析|疏松|脱碳|氧化皮|露箔|溢金|溢镀|汽蚀|空蚀|碰撞|错位|塌陷|返霜|串味|腐败|变质|变味|褪色|起球|缩水"
)
_WEAK_FAULTS = "变形|磨损|腐蚀|老化|衰减|漂移|振动|抖动|噪声|噪音|污染|波动|损耗|浪费|偏差|跳动|涡流|温升|发热|疲劳|蠕变|回弹|衰退|损失|滞后|粉尘|气味"
_PROPERTY = "度|率|性|量|能力|性能|力|效果|效率|速度|寿命|时间|周期|成本|能耗|功耗|电耗|水耗|费用?|价格|难度|风险|强度|误差|阻力|阻|波动|损耗|损失|温差|差异|劳动强度|精度|质量|压差|噪声|噪音|振动|变形|磨损|污染|粉尘|气味"
_DEGREE = "太|过于|过|偏|很|较|比较|非常|特别|极|极其|十分|普遍|相对|均|都|还|又|更|也|越来越"
_BAD = "差|低(?!于|到|至)|短(?!于|到|至)|大(?!于|幅|型|学|气|量|规)|高(?!于|达|温|压|速|强|性|质|效|分|精|端)|慢|长(?!于|期|度)|弱|小(?!于|时|型)|贵|重(?!量|要|复|点|新|金)|多(?!种|个|层|孔|功|次|元|年|道)|少(?!于|量)|厚(?!度)|薄|窄|频繁|严重|明显|突出|粗糙|混乱|缓慢|昂贵|繁琐|复杂|困难|不一|有限|落后"
_FAULT = re.compile(_FAULTS)
_STRONG = re.compile(
    rf"(?:容|极)易(?!于)|(?<![容不简轻贸交])易(?=[开断脱堵裂变老磨腐氧结发起破产造出受粘卡漏掉生积])|难(?:以|于|度大|题)|很难|难(?=[降控清测焊加除保做找去脱分])|困难|不(?:稳|均|匀|准|足|够|良|好|上(?!线)|住|干(?!扰|预)|牢|紧|齐|及时|到位|合格|达标|达要求|理想|方便|灵敏|可控|一致|平整|平(?!衡)|清|强|佳|高(?!于)|畅|彻底|完善|成熟|透|合理|便)"
    rf"|(?:{_PROPERTY})(?:仍然?|依然)?(?:{_DEGREE})?(?:{_BAD})|(?:{_DEGREE})(?:{_BAD})|(?:靠|依靠|依赖|凭)(?:着)?(?:人工|老师傅|工人|人力|人(?:眼|手|看)?|手工|经验|进口|国外)|(?:人工|手工)(?:操作|清理|检验|检测|抽检|目视|分拣|搬运|判断|打磨|巡检|记录|上下料)"
    rf"|跟不上|受不了|做不[到了出]|没法|无法|不能(?:满足|达到|保证|实现|有效|解决|适应|及时|完全|准确|兼顾)|达不到|赔了|被退|退批|通不过|过不了|没过|时好时坏|受限|受(?:到)?(?:很大|较大|严重|一定)?(?:影响|限制|制约)|卡脖子|被?垄断|空白|缺乏|缺少|匮乏|欠缺|没有(?:办法|经验|手段)"
    rf"|不(?:清楚|了解|明确|掌握)|尚未|未能|未解决|有待|副作用|差距|过高|过大|过长|过低|过多|超过?标|影响(?:了)?(?:产品|使用|质量|正常|后续|生产|施工|美观|安全|效率)|掉了|变(?:硬|脆|形|软|涩|黄|黑|差)|糊住?了?|翘|越[^，。]{1, 6}越|用不了|坏在|废品率|不良率|返修率|报废率|次品率"
)
_WEAK = re.compile(_WEAK_FAULTS)
_REMEDY = re.compile(
    r"(?:解决|避免|防止|消除|克服|减少|减轻|抑制|杜绝|根治|改善|防范|降低|消减|压下去|治理|攻克|突破|破解)(?:了|掉)?(?=.)"
)
_REMEDIED_AFTER = re.compile(
    r"^(?:[^，。]{0,4})(?:问题|难题|现象|控制|抑制|防治|治理|机理|原因|严重|大|多|频繁|超标|明显|突出)"
)
_NEGATED = re.compile(
    r"(?:不(?:得|能|会|允许|应|发生|出现|产生|可|再|准|要|易)?(?:有)?|[无没抗耐防零未免低除]|无需?|避免|没有|杜绝|均?无)(?:任何|明显|严重|产生|出现)?$"
)
_EXPLORED = re.compile(
    r"^(?:检测|监测|检验|识别|分析|参数|规律|测试|仪|物|指标|机理|试验|标准|监控|管理|预警|诊断|预测|报警|处理|治理|控制技术|控制系统|传感|信号|补偿|测量|评估|防护|涂料|修复|变压器|寿命|特性|声源|源)"
)
_NOT_A_PROBLEM = re.compile(
    r"提高|提升|优异|优良|优点|优势|先进|良好|具有|可靠性高|精度高|效率高|稳定性[好高]|速度快|达到[^不]|实现|确保|保证|不低于|不高于|预期|推广|效益|前景|降低了|减少了|解决了|缩短了|重大意义|要求[^不]|将会产生|目标"
)


def find_problems(raw: str) -> list[Span]:
    """Clauses and items of lists that say what goes wrong."""
    folded = fold(raw)
    found: list[Span] = []
    for start, end in _parts(folded, _ITEM_BREAKS):
        span = _problem(folded, start, end)
        if span and found and _continues(folded, found[-1], span):
            found[-1] = Span(found[-1].start, span.end, found[-1].confidence)
        elif span and span.end - span.start >= 3:
            found.append(span)
    return found


def _parts(folded: str, breaks: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for found in breaks.finditer(folded):
        yield start, found.start()
        start = found.end()
    yield start, len(folded)


def _continues(folded: str, before: Span, span: Span) -> bool:
    """焊缝易开裂、堵塞: the second has no subject of its own."""
    return folded[before.end : span.start] == "、" and span.end - span.start <= 4 and span.end - before.start <= 30


def _problem(folded: str, start: int, end: int) -> Span | None:
    part = folded[start:end]
    cue, confidence = _cue(part)
    if cue is None:
        return None
    left, right = _trimmed(part, *cue)
    return Span(start + left, start + right, confidence) if right > left else None


def _cue(part: str) -> tuple[tuple[int, int] | None, float]:
    remedy = _REMEDY.search(part)
    fault = next((m for m in _FAULT.finditer(part) if _counts(part, m)), None)
    strong = _STRONG.search(part)
    if strong and not _NOT_A_PROBLEM.search(part[: strong.end()]):
        return strong.span(), 0.8
    if fault and not (_NOT_A_PROBLEM.search(part) and not remedy):
        return fault.span(), 0.75
    weak = next((m for m in _WEAK.finditer(part) if _counts(part, m)), None)
    if weak and (_remedied(part, remedy, weak) or _REMEDIED_AFTER.match(part[weak.end() :])):
        return weak.span(), 0.65
    return None, 0.0


def _counts(part: str, found: re.Match[str]) -> bool:
    return not (_NEGATED.search(part[: found.start()]) or _EXPLORED.match(part[found.end() :]))


def _remedied(part: str, remedy: re.Match[str] | None, weak: re.Match[str]) -> bool:
    return bool(remedy and remedy.end() <= weak.start() <= remedy.end() + 12)


def _trimmed(part: str, cue_start: int, cue_end: int) -> tuple[int, int]:
    """[left, right) of the label within the part, without the words around it that say nothing."""
    remedy = next((m for m in _REMEDY.finditer(part) if m.end() <= cue_start), None)
    left = remedy.end() if remedy else 0
    lead = _LEAD.match(part[left:])
    left = min(left + (lead.end() if lead else 0), cue_start)
    tail = _TAIL.search(part)
    right = max(tail.start() if tail else len(part), cue_end)
    if right - left > LONGEST_LABEL:
        right = min(right, max(cue_end + 6, left + LONGEST_LABEL))
        left = max(left, right - LONGEST_LABEL)
    while left < right and part[left].isspace():
        left += 1
    while right > left and part[right - 1].isspace():
        right -= 1
    return left, right


_MONEY = re.compile(
    r"(?:成本|单价|造价|预算|费用|价格|投入|投资|经费|加价|总价|售价)[^，。]{0,16}(?:\d|不变|不增|不得|不能|不超|以内|以下)|\d[\d,.]*\s*(?:万|亿)?元[^，。]{0,4}(?:以内|以下|之内|内)"
)
_LIMITS = re.compile(
    r"不(?:得|能(?!满足|达到|保证|实现|有效|解决|适应|及时|完全|准确|兼顾)|可(?!靠|控|缺|忽|少|避|或|以|逆|比|见)|允许|接受|考虑|准|许|让|要(?!求)|改变|更换|换(?!热)|影响|破坏|损伤|增加|使用|采用|含(?!糊)|添加|占用|停产|停机|动(?!态)|用(?=[^户途品来了]))"
    r"|别(?:超|让|动|用|改|太|再)|必须|只能(?!标|做到)|禁止|严禁|仅限|限于|限制在|沿用|兼容|客户不|业主不|短期不|保密|(?:在)?(?:现有|原有|保留)[^，。]{1,12}(?:上|基础上|前提下|不变|设备)|不(?:停|上)云|上车间"
    r"|(?:占地|场地|空间|面积|外形|尺寸|外径|重量|长度|高度)[^，。]{0,8}(?:不|有限|受限|限|别|以内|只有|仅)|(?:工期|周期|交期|期限|停产|停机|停水)[^，。]{0,8}(?:不|别|以内|内|之前|前)|\d+\s*(?:个)?(?:月|天|周|年)(?:之内|以内|内|前)(?:完成|交付|投产|见效|出|拿)?"
    r"|符合[^，。]{1,20}(?:标准|要求|法规|规定|规范|认证)|满足[^，。]{1,20}(?:标准|法规|规定|规范|认证|卫生要求|环保要求)|过[^，。]{1,14}(?:认证|审核|要求|标准)|防爆|食品级|无磷|无氰|无铬|零排放"
)
_NO_LIMIT = re.compile(
    r"不能(?:忽视|忽略|否认)|不可(?:避免|逆|或缺|忽视)|不得不|不得而知|不要求|已(?:经)?|获得|荣获|通过了|成立|先后|近三年|去年|国外|越来越|占用户|不能说|因为|由于|如果"
)


def find_constraints(raw: str) -> list[Span]:
    """Clauses that say within what bounds a solution must stay."""
    folded = fold(raw)
    found = []
    for start, end in _parts(folded, _BREAKS):
        part = folded[start:end]
        cue = _MONEY.search(part) or _LIMITS.search(part)
        if cue is None or _NO_LIMIT.search(part) or len(part) > 60:
            continue
        left, right = _trimmed(part, *cue.span())
        if right - left >= 4:
            found.append(Span(start + left, start + right, 0.8 if _MONEY.search(part) else 0.7))
    return found
