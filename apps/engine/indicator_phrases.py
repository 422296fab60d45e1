"""Which words before or after a figure name the property it measures: "要求涂层的附着力应" is 附着力."""

import re

LONGEST_NAME = 18
NAMED_SCALES = frozenset({"HRC", "HRA", "HRB", "HV", "HB", "HL", "邵A", "邵D", "IP", "pH", "CT", "IT"})

_MARKER = re.compile(
    r"^\s*(?:[（(]?\d{1,2}[)）.．、](?!\d)|[①-⑳]|[-•·*—●■◆▲◇○★※]|[（(]?[一二三四五六七八九十]+[、.)）])+\s*"
)
_LEADING = re.compile(
    r"^(?:要求|需要|需求|需|现(?=[需要拟急])|[急亟]需要?|亟待|拟|计划|打算|预计|预期|是|(?:本|该)(?:技术"
    r"|产品|成果|项目|工艺|方法|设备|系统)(?=可?使(?!用)|可|能|将|要求)|可使(?!用)|应当|应(?![力变急])"
    r"|希望|力争|争取|最好|尽量|期望|目标|拟|预期|使得|使(?!用)|将|并且|并(?!发|联|行|网|列|条)|且|同时"
    r"|以及|和|及|与|其中|其|该|确保|保证"
    r"|实现|满足|可以|能够|能(?![耗量效源级])|可(?!靠|溶|焊|见|塑|调|降解|回收|再生|视|充)|即(?!食)"
    r"|如|但是|但|而|还|另外|此外|左右|以上|以内|以下|我们|我司|我厂|本?公司|本项目|内(?![径部阻应压外孔饰毒])"
    r"|后(?![处期])"
    r"|的|一般|通常|研制的|开发的|现在|目前|现有|原来|当前|把|对于|对(?![中映比虾称流接苯氨])|特别是|尤其是?"
    r"|对于|针对|由|从|若|零下|进一步|再(?![生])|研发|开发|研制|研究|制备|生产出|一种|一款|一套|客户"
    r"|用户"
    r"|主要(?:技术)?(?:指标|参数)(?:为|包括|是|有)?|(?:技术|性能|具体|主要)(?:指标|参数|要求)(?:为|包括"
    r"|是|有|要求)?|采用该?[^，。]{0,8}(?:技术|工艺)后|改造后|优化后|经?处理后(?!出水)"
    r"|(?:提高|提升|升|增加|延长|降低?|减少?|缩短|压缩|控制)(?:到|至|在)|(?:大幅|显著|有效|明显)(?=[提降减缩增])"
    r"|(?:项目)?(?:实施|完成|建成|投产|达产|应用|改造|技改|投用)后|想要?|请|就是|主要是|经|已(?:经)?(?:实现"
    r"|达到)?|最终"
    r"|[\s:：\"“”)）~、])+"
)
_TRAILING = re.compile(
    r"(?:应当|应该|(?<![反响供效适])应|需要|需|须|必须|要求|要|能够|(?<![产性节功效])能|可以|可|均|都"
    r"|也|保持|维持|稳定|保证|控制|限制|的|了|大约|约|为|是|在|将|使|由|从|到|至|不|分别|恢复|在?每?百公里"
    r"|[较偏过][大高低长重小]|不[高足稳]"
    r"|也要|每次|每件|目前|原来|现在|原先|只有|只能|仅有|仅|不足|已经?达?|高达|长达|可达|(?<=..)达|普遍"
    r"|大概|经常|往往|通常|一般|零下|希望|想|力争|争取|最好|尽量|期望|目标|降低?|下降|提高|提升|缩短"
    r"|延长|增加|减少"
    r"|[\s:：\"“”=Φφ~、])+$"
)
_LAST_WORDS = re.compile(r"(?:提高|提升|增加|增长|延长|降低|减少|减轻|缩短|缩小|下降|节约|节省|加快|增产)$")
_MODAL = re.compile(
    r"(?<=..)(?:必须|须|需要?|应当|应该|要求|希望|控制在|力争|争取|(?<![反响供效适])应(?=[不达大小高低控保]))(?!求)"
)
_UNDER = re.compile(
    r"(?:条件|环境|工况|温度|载荷|负载|压力|频率|转速|浓度|介质)[下中](?!限)|^(?:条|环|工)?[件境况]下"
    r"|^(?:时|下)(?![间限效降])|浸泡(?=.{3})"
)
_AGAINST = re.compile(
    r"(?:比|较|相比于?|与[^，。]{1,10}相比)[^，。]{1,12}?(?=(?:提高|提升|增加|降低|减少|缩短|下降|节约"
    r"|节能|节电|减轻|延长|增产|增长|减重)$)"
)
_PARENTHESIS = re.compile(r"[（(][^（()）]*[)）]")
_TIMES_OF = re.compile(r"(?:是|为)[^，,]{1,10}的$")
_SLASH_UNIT = re.compile(r"/\s*[A-Za-zμΩ%℃·/²³]{1,10}$")
_WORSE = re.compile(
    r"(?:效率|寿命|强度|产量|[收良产]率|精度|合格率|成活率|转化率|质量|性能|活性|品质)[^，。]{0,4}(?:下降"
    r"|降低|减少|衰减)$"
    r"|(?:成本|[能电水油]耗|损耗|[废次]品率|不良率|故障率|排放|污染)[^，。]{0,4}(?:增加|上升|提高|升高|增长)$"
)
_NO_NAME = frozenset(
    [
        "每天",
        "每年",
        "每月",
        "每小时",
        "每次",
        "最低",
        "最高",
        "单次",
        "一次",
        "大于",
        "小于",
        "其中",
        "时间内",
        "之间",
        "左右",
        "以上",
        "可以",
        "同时",
        "达到",
        "大约",
        "要求",
        "技术指标",
        "主要指标",
        "指标",
        "参数",
        "性能",
        "年产",
        "第一",
        "直径超",
        "至少",
    ]
)
_NO_PROPERTY = re.compile(
    r"(?:升温|降温|保温|加热|冷却|保压|加压|保持|放置|浸泡|烘干|静置|搅拌|收购价|采购价|市价|电话|邮编"
    r"|编号|型号|图号|第|至少|邮箱|传真|热线)$"
)
_PROPERTY = re.compile(
    r"(?:度|率|量|温|耐热|压|力|寿命|时间|时长|周期|面积|体积|容积|成本|价格|单价|造价|费用|直径|[外内孔粒线管轴口]径"
    r"|半径|保[鲜质]期|保存期|质保期|货架期|适用期|有效期|[保工交货质]期|(?:生育|生长|保质|贮藏|储藏"
    r"|存活|潜伏|恢复|孵化|培养)期|d\d\d"
    r"|[长宽高厚深]|间?距|[行量航]程|误差|公差|偏差|跳动|间隙|噪[声音]|声压级|电流|频|功耗|单耗|[能电水气汽油料煤热]耗"
    r"|耗电|耗能|耗水|用水|用电|节拍|[流转线车风航声]?速|ph|模量|系数|指数|常数|因子|当量|阻"
    r"|值|比|等级|级别|级数|(?<!参)数|尺寸|自重|净重|体重|瓶重|重|质量|cod\w*|bod\w*|toc|tds|sdi|pdi"
    r"|apf|cop|eer|氨氮|总[磷氮铬铅砷镍]|ra|rz|sa|范围|差|剂量|产能|产量|亩产|单产"
    r"|损失|排放|消耗|盐雾(?:试验|测试)?|容量|首效|窗口|像素|幅宽|跨度|收率|残留|杂质|灰分|水分|粉尘|悬浮物|菌落总数"
    r"|大肠[杆菌]*群?|毒素|分辨力|分辨率|测距|测程|灵敏度|光效|色温|效价|扭矩|转矩|力矩|直线度|酒精度"
    r"|活力|支撑|承重|负载|负荷|载荷|续航|角|视场|纹波"
    r"|分布|均匀性|一致性|色牢度|牢度|[干湿]摩|变形|磨耗|磨损|支架|比容量|能级|含[水硫油碳氮铁氢磷氧沙盐糖杂]率?"
    r"|位移|挠度|振幅|振动|温差|漏率|漂移|[检量极]出?[限]|精度|(?<!可能)性|余量|缩水|皂洗|起球|强|固含"
    r"|得率|龄)(?:[（(][^（()）]*[)）])?$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"(?:提高|提升|增加|增长|延长|降低|减少|缩短|缩小|下降|节约|节省|减轻|减薄|加快|降|节能|节电|节水"
    r"|节材|增产|增效|降本|减重|提效|省电|省油)$"
    r"|^(?:提高|提升|降低|减少|缩短|节约|节省|增加)"
)
_AFTER = re.compile(r"\s*的\s*([\u4e00-\u9fffA-Za-z]{2,10}?)\s*(?:以?[内上下])?(?=[，。；、,;.！!）)\s]|$|和|及|与|并)")
_ASKS = re.compile(
    r"(?:能|产生|达到|达|实现|保证|满足|提供|承受|具有|具备|做到|拥有|耐受|要求|需|获得|形成|输出|耐)[^，,。；;]{0,14}$"
)
_FORCE_AFTER = re.compile(
    r"\s*的?((?:工作|最高|额定)?(?:压力|压强|水压|气压|电压|高压|拉力|载荷|负荷|冲击力|扭矩|推力|流量"
    r"|压差))(?=的|[，。；、,;]|$)"
)
_PROOF_AFTER = re.compile(r"\s*的?((?:高|低)?温|高压|低压|水压|压力|电压)")
_SERVICE_AFTER = re.compile(
    r"\s*(?:的?(?:高|低)?(?:温度?)?(?:范围|环境|条件|工况|区间)?)[内下中]?(?:均|都|仍)?(?:能|可)?够?(?:长期"
    r"|正常|稳定|可靠|连续|安全|持续|地)*"
    r"(工作|使用|运行|服役|存放|储存|保存)(?![期时量])"
)
_DONE_AFTER = re.compile(r"\s*(?:即?[可能])?(?:完成|实现|达到)([\u4e00-\u9fff]{2,6}?)(?=[，。；、,;]|$|的)")
_LISTED = re.compile(r"[、和与及]|以及")
_STATED = re.compile(r"^([^，,]{2,12}?)(?:目前|现在|只|仅|不|较|偏|过|太|很|低|高|大|难|达不到|在)")
_VERB_OBJECT = re.compile(r"^(?:降低|提高|提升|减少|缩短|增加|延长|缩小|加快)(.{2,8})$")

_MEASURED_OTHERWISE = (
    (
        re.compile(r"(?:含量|浓度|残留|[^频速倍功分斜曲几辨]率)$"),
        {"time", "length", "temperature", "mass", "area", "age"},
    ),
    (re.compile(r"[^温速]度$"), {"time"}),
    (re.compile(r"(?:温度|温)$"), {"time", "length", "mass", "ratio", "area", "pressure"}),
    (
        re.compile(r"(?:时间|时长|周期|工期|节拍)$"),
        {"length", "mass", "ratio", "pressure", "temperature", "area", "volume"},
    ),
    (re.compile(r"(?:压力|压强|强度)$"), {"time", "length", "area", "volume", "temperature"}),
    (
        re.compile(r"(?:长度|宽度|高度|厚度|直径|半径|[内外孔粒]径)$"),
        {"time", "mass", "temperature", "pressure", "volume"},
    ),
)

_SHARE = re.compile(r"[格品良活收合]率$")


def is_measured_in(name: str, dimension: str) -> bool:
    """False where a property is never measured so: a content that takes a day is something else."""
    if "/" in dimension and _SHARE.search(name):
        return False
    return not any(ending.search(name) and dimension in never for ending, never in _MEASURED_OTHERWISE)


def name_before(left: str) -> str:
    """The name that the words before a figure end in, or nothing."""
    inside = opens_parenthesis(left)
    words = re.split(r"[（(]", left)[-1] if inside else _PARENTHESIS.sub("", left)
    words = re.split(r"[:：]", _SLASH_UNIT.sub("", words.rstrip(" :：=")))[-1]
    words = _UNDER.split(_MARKER.sub("", words))[-1]
    words = _TIMES_OF.sub("", words)
    kept = _LAST_WORDS.search(words.rstrip(" 至约少了"))
    words = words.rstrip(" 至约少了") if kept else _TRAILING.sub("", words)
    words = _cut(_LEADING.sub("", words))
    words = _LEADING.sub("", _MODAL.split(words)[0]).strip(" ~-—/")
    words = _AGAINST.sub("", words)
    if not 2 <= len(words) <= LONGEST_NAME or words in _NO_NAME or _NO_PROPERTY.search(words):
        return ""
    return words


def _cut(words: str) -> str:
    """What stands after the last 的, where that is enough of a name."""
    head, _, tail = words.rpartition("的")
    if not head:
        return words
    return tail if len(tail) >= 2 else words


def name_after(left: str, right: str, dimension: str) -> tuple[str, int]:
    """The name behind the figure, and where it ends there: "能产生150Pa的压强", "10秒内完成检测", "-40~60℃环境下使用".

    Only where something before the figure asks for it; else nothing.
    """
    if found := _AFTER.match(right):
        return (found[1], found.end(1)) if _ASKS.search(left) and is_property(found[1]) else ("", 0)
    if found := _FORCE_AFTER.match(right):
        asked = _ASKS.search(left) and is_measured_in(found[1], dimension)
        return (found[1], found.end(1)) if asked else ("", 0)
    if dimension == "time" and (found := _DONE_AFTER.match(right)):
        return f"{found[1]}时间", found.end(1)
    if dimension == "temperature" and (found := _SERVICE_AFTER.match(right)):
        return f"{found[1]}温度", found.end(1)
    return "", 0


def name_around(left: str, right: str) -> str:
    """The name on both sides of the figure: "耐150℃高温" is 耐高温."""
    found = _PROOF_AFTER.match(right) if left.rstrip().endswith(("耐", "抗")) else None
    return f"{left.rstrip()[-1]}{found[1]}" if found else ""


def names_listed(words: str) -> list[str]:
    """The names of a list before 均 or 分别: "抗弯强度、抗压强度和硬度均" are three; none where one is no property."""
    head = re.split(r"均|都|分别", _LEADING.sub("", _MARKER.sub("", words)))[0]
    parts = [part.strip() for part in _LISTED.split(head.rpartition("的")[2])]
    return parts if len(parts) > 1 and all(len(part) <= LONGEST_NAME and is_property(part) for part in parts) else []


def name_before_parenthesis(left: str) -> str:
    """The name of what a parenthesis explains: "壁厚偏差较大（±8%）" is 壁厚偏差."""
    return name_before(re.split(r"[（(]", left)[0]) if opens_parenthesis(left) else ""


def object_of(clause: str) -> str:
    """What a clause without a figure wants changed or deplores: "降低能耗" is 能耗, "合格率偏低" is 合格率."""
    plain = _LEADING.sub("", _MARKER.sub("", clause)).strip()
    found = _VERB_OBJECT.match(plain) or _STATED.match(plain)
    return found[1] if found and is_property(found[1]) else ""


def opens_parenthesis(left: str) -> bool:
    """Whether the words end inside parentheses."""
    return max(left.rfind("("), left.rfind("（")) > max(left.rfind(")"), left.rfind("）"))


def is_property(name: str) -> bool:
    """Whether the name ends like a measured property: 硬度, 合格率, 使用寿命."""
    return bool(_PROPERTY.search(name)) and not _NO_PROPERTY.search(name)


def is_worsening(name: str) -> bool:
    """Whether the name tells a change nobody asks for: 效率下降, 能耗增加."""
    return bool(_WORSE.search(name))


def is_change(name: str) -> bool:
    """Whether the name tells a change: 能耗降低."""
    return bool(_CHANGE.search(name))
