"""What a figure stands for: a target, or a state of the trade, the plant, a test, a price."""

import re

_STATISTICS = re.compile(
    r"全国|我国|全球|世界|全市|全省|本地|全行业|行业(?!标准)|市场|份额|占比|占有率|占到|占据|自给率"
    r"|同比|销售|营业?收入|产值|营收|营业|利润|利税|税收|投资|预算|经费|注册资|员工|工人"
    r"|职工|人员|学历|专利|论文|占地|建筑面积|成立|建于|建成|年薪|人均|订单|进口量|出口量|高工|博士"
    r"|硕士|教授|补贴|贷款|投入(?!产出)|资金|合同额|新增|节约成本|满意度|投诉|(?:[室间棚区]|种植|养殖"
    r"|仓储)面积|总值|资产|仓库|厂房|货架(?!期|寿命)|场地|就业|上缴|补助|奖励"
)
_TRADE = re.compile(
    r"全国|我国|全球|世界|全行业|行业内|同行|统计|数据显示|海关|研究表明|实验证明|实践证明|据[^，,。]{1,8}(?:数据"
    r"|报道|统计|测算)|规划(?:》|提出)|经验|有关资料|资料显示|三分之一|多数"
)
_OF_MANY = re.compile(
    r"\s*(?:左右)?的?(?:中小|大型|小型)?(?:企业|厂家|用户|市场|公司|工厂|客户|人(?!工)|同行|农户|厂"
    r"|国家|地区|产品都|单位|家|零件|零部件|核心部件|高端|能量)"
)
_PLANT = re.compile(r"装置|生产线|示范线|项目|基地|装备能力|车间|行车|炉|中试|工程|变电站|机组|产线|级中试|规模")
_CAPACITY = re.compile(r"(?:年[^，,。]{0,8}(?:产|能力|量)|产能|生产能力|加工能力|规模|养殖面积|台座|吨位)$")
_NOW = re.compile(
    r"目前|现有|现在|现状|现行|现用|现阶段|原来|原有|原先|以往|过去|当前|国外|国内|进口|之前|去年|前年"
    r"|今年|近年|近[几两三五十\d]+年|已有|已达|已经|已(?=[完实研开取建获通形掌生成申])|小试|传统|只有"
    r"|只能|仅|高达|长达|多达|才(?!能)|常规|实测"
    r"|经常|往往|通常|普遍|若|如果|一旦|每[上下]?[减增降提升]|证明|表明|老师傅|市面|我厂|我们厂|我司"
    r"|我们公司|反映|(?:19|20)\d\d年(?!底|内|前|以前)|一般|现场|工人|采用的|每[天月年周]|先(?=升|将"
    r"|把|加)"
)
_GOAL = re.compile(
    r"要求|(?<!供)需(?!求量)|希望|目标|力争|争取|(?<![模虚])拟(?!合)|(?<![反响供效适对相])应(?![用力变急])"
    r"|期望|(?<![理思])想(?!法)|必须|确保|预期|指标"
    r"|(?:提高|提升|降|降低|缩短|延长|减少|增加|压缩|升|减|扩大|下降)[到至为]|控制在|不[低高小大超少得能应要]"
    r"|开发|研发|研制|改造后|达产后|新(?:产品|工艺|设备|技术|材料)"
)
_TOLD = re.compile(r"目前|现有|现在|当前|现状|我们?厂|我司|我公司|本公司|公司现|主要设备|年安装|买回|用了")
_CONDITION = re.compile(
    r"\s*(?:或[^，,。；;]{1,10}?)?(?:的?(?:条件|环境|工况|载荷|负荷|温度(?!变化|范围)|高温|低温|水压"
    r"|压力|湿度)[下中时内]?|下(?![降限])|时(?!间|长|效|速)|级(?!别|以|[，,。；;、])"
    r"|[^，,。；、]{0,6}(?:溶液|浸泡|盐水|清洗))"
)
_WITHOUT_NAME = re.compile(
    r"\s*时(?=[,，])|\s*的(?:时间|时候|过程)|\s*(?:时|仍|也|都|下)?(?:能|可)够?(?:正常|稳定|可靠|启动|使用|工作|连续)"
)
_WHEN_ENDS = re.compile(r"\s*(?:[^，,。；、]{0,4}(?:条件|环境|工况|情况|负载|负荷)[下中]|时(?!间|长|效|速|[内]))")
_WHEN = re.compile(r"(?:^|[，,。])?(?:当|若|如果|一旦|每当|假如|倘若|每[升降增减提]|在)[^，,。]*$")
_START = re.compile(r"(?:由|从|自)(?:原来|目前|现在|原先|现有|平均|原|每[天年月])?的?(?:每[天年月日])?\s*$")
_THEN_CHANGED = re.compile(
    r"[^，,。；、\d]{0,6}?(?:提高|提升|下降|降低|降|缩短|延长|减少|增加|减|升|增|扩大|压缩|缩小)[^，,。；\d]{0,3}(?:到"
    r"|至|为)"
)
_SAID_SHORT = re.compile(
    r"(?:只有|只能[^，,。]{0,3}|仅有?|不足|不到|才|高达|长达|多达|将近|接近|达不到|低到|占到?)\s*$"
)
_REACHES = re.compile(r"达(?!到)")
_COMPARED = re.compile(r"(?:比|较|与|相对于?|优于|高于|低于|替代)(?:目前|现有|传统|国外|国内|进口|原有|原来|当前|常规)")
_SHORT = re.compile(r"不足|不到|高达|长达|多达")
_TOO_MUCH = re.compile(r"(?:[较偏过太很]?[大高低长重小短]|不足|不够|不高|不稳定?)\s*[（(]\s*$")
_OF_OTHERS = re.compile(r"传统|国外|进口|原有|以往|对照|常规|普通|同类")
_TROUBLE = re.compile(
    r"容易|导致|造成|引起|难以|无法|劳动强度|找不到|找不出|浪费|污染[大重严]|严重|怎么|发霉|返潮|涨到|下降了|上涨"
)
_STRICT = re.compile(r"[≥≧≤≦<>±⩾⩽]|不[^\d]|至[少多]|以[上下内]|最[低高多]")
_WISHED = re.compile(r"最好|力争|争取|尽量|尽可能|理想|期望|希望|(?<![理思])想(?!法)|有条件|如能|有望|优选|若能")
_MADE = re.compile(r"(?:开发|研发|研制|寻求|寻找|找到?|设计|制备|生产|得到|引进|合作)[^，,。]{0,6}")
_SECTION_NOW = re.compile(
    r"(?:现有|已有)?(?:工作|研究|实验|试验|科研|技术|合作|产业|企业)(?:现有)?基础|现状(?!分析)|现有(?:条件"
    r"|情况|的研究基础)|(?:企业|公司|单位)(?:概况|简介|介绍|情况)|研究背景|项目背景|行业背景|背景(?:介绍"
    r"|情况)?|项目预算|经济效益|资金预算"
)
_SECTION_GOAL = re.compile(r"需求|目标|指标|要求|需要|解决|技术(?:问题|难题|参数|方案)|任务|内容|预期")
_HEADING = re.compile(
    r"^\s*(?:[（(]?[\d一二三四五六七八九十]{1,3}[)）.．、:：]+\s*|[①-⑳]\s*)?([\u4e00-\u9fff（）()、和及与]{2,16}?)\s*(?:[:：]"
    r"|$)"
)


def is_start_of_change(left: str, right: str) -> bool:
    """Whether the figure is where something starts from: 60 in "由60%提高到85%"."""
    return bool(_START.search(left) or _THEN_CHANGED.match(right))


def is_statistic(clause: str, sentence: str, right: str) -> bool:
    """Trade statistics, money, staff: figures, but not technical ones."""
    if _STATISTICS.search(clause) or _OF_MANY.match(right):
        return True
    return bool(_TRADE.search(sentence)) and not _GOAL.search(sentence)


def is_plant(name: str, clause: str, right: str) -> bool:
    """The size of a plant: "年加工能力3万吨", unless something is asked of it."""
    if not _CAPACITY.search(name):
        return False
    return (not _GOAL.search(clause) and not re.search(r"达到|≥|不[小低少]", clause)) or bool(_PLANT.match(right[:8]))


def is_condition(left: str, right: str, *, is_named: bool) -> bool:
    """What a test or a service takes place at: "在3.5%盐水中", "150℃条件下"."""
    if _WITHOUT_NAME.match(right) or (_WHEN_ENDS.match(right) and _WHEN.search(left)):
        return True
    return bool(_CONDITION.match(right)) and not is_named


def is_present(before: str, clause_left: str, after: str, written: str) -> bool:
    """Whether it tells how things are: "目前只有200 ℃".

    `before` is the sentence up to the figure's end, `clause_left` its clause up to the figure, `after` the rest of the
    sentence. A word that asks, nearer than the word of the present, makes it a target again.
    """
    if _SAID_SHORT.search(clause_left) or _TOO_MUCH.search(clause_left):
        return True
    if _REACHES.match(written) and not _GOAL.search(before):
        return True
    if _SHORT.match(written) and not _GOAL.search(clause_left):
        return True
    before = _COMPARED.sub("", before)
    now = max((found.start() for found in _NOW.finditer(before)), default=-1)
    goal = max((found.start() for found in _GOAL.finditer(before)), default=-1)
    if now > goal:
        return True
    return goal < 0 and bool(_TROUBLE.search(after)) and not _GOAL.search(after)


def is_of_others(clause_left: str) -> bool:
    """In what a capability tells: the figure of what it is compared with ("传统方法产率只有40%")."""
    return bool(_OF_OTHERS.search(clause_left)) and not re.search(r"[比较]", clause_left)


def is_told(sentence: str, written: str) -> bool:
    """Whether a mere figure ("约4300大卡") stands in a sentence that asks for nothing and speaks of now or of about."""
    return not _GOAL.search(sentence) and bool(_TOLD.search(_COMPARED.sub("", sentence)) or "约" in written)


def is_wished(left: str, written: str) -> bool:
    """最好, 力争, 希望: asked for, but not a must. What is hoped to be developed is not itself a hope."""
    words = left + written
    last = max((found.end() for found in _WISHED.finditer(words)), default=-1)
    return last >= 0 and not _MADE.match(words, last)


def section_after(line: str, section: str) -> str:
    """ "now" or "goal" where the line is a heading that says so, else the section it stands in."""
    heading = _HEADING.match(line[:40])
    if heading is None:
        return section
    if _SECTION_NOW.search(heading[1]):
        return "now"
    return "goal" if _SECTION_GOAL.search(heading[1]) else section
