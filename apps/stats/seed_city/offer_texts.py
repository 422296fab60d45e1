"""What capabilities say, by kind: sentences of the city's own, filled with the words of a subject."""

from dataclasses import dataclass
from typing import Any

from apps.capabilities.kinds import IpStatus, LaboratoryLevel
from apps.capabilities.models import CapabilityKind
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.names import person_name
from apps.stats.seed_city.words import LONGEST_LINE, Figure, Words, line

RESULT_TITLES = (
    "{prefix}{object}{process}的{method}技术",
    "基于{method}的{prefix}{object}{process}方案",
    "{prefix}{object}{problem}的{method}解决办法",
    "面向{object}的{method}与{process}一体化技术",
    "{material}在{prefix}{object}中的应用与{method}",
    "{prefix}{object}用{material}的{process}新工艺",
)
PREFIXES = ("", "", "", "高端", "小批量", "大规格", "出口", "轻量化", "低成本")
VALUES = ("让{object}的{goal}", "{goal}，不用更换现有设备", "解决{problem}，{goal}", "用{method}把{goal}")
DESCRIPTIONS = (
    "针对{object}在{process}中{problem}的问题，采用{method}，从机理上弄清{problem}与{material}状态的关系，形成成套工艺。",
    "以{material}为对象，将{method}用于{object}的{process}，控制参数由经验改为模型给定，换产时无需重新摸索。",
    "课题组长期研究{object}的{process}，把{method}做成可加装在现有设备上的模块，产线停机两天即可完成改造。",
)
PROOFS = (
    "在{equipment}上完成{trial}，{figures}。",
    "{trial}数据表明，{figures}。",
    "与两家企业合作完成{trial}：{figures}。",
)
TRIALS = ("小批试制", "中试", "连续三个月的跟线试验", "实验室验证", "两百批次对比试验")
OFFERS = (
    "可提供工艺包和驻厂调试，周期约 {weeks} 周。",
    "愿与企业联合开展二次开发，首批效果达到约定后再付款。",
    "已形成操作规程，可对工艺员和班组长做培训。",
    "寻找有{object}量产条件的企业做放大。",
)


@dataclass(frozen=True, slots=True)
class OfferText:
    title: str
    value: str
    description: str
    details: dict[str, Any]
    figures: tuple[Figure, ...]


def result_text(words: Words, lots: Lots) -> OfferText:
    figures = _reached(words, lots, fewest=1)
    slots = words.slots(figures) | {
        "prefix": lots.choice(PREFIXES),
        "trial": lots.choice(TRIALS),
        "weeks": lots.choice((3, 4, 6, 8, 12)),
        "figures": "，".join(figure.reached for figure in figures),
    }
    told = (lots.choice(DESCRIPTIONS), lots.choice(PROOFS), lots.choice(OFFERS))
    modes = lots.sample(("transfer", "licence", "equity", "entrusted", "joint", "service", "try_first"), 2)
    details: dict[str, Any] = {
        "ip_status": lots.one_of(
            {IpStatus.GRANTED.value: 58, IpStatus.PENDING.value: 20, IpStatus.SECRET.value: 12, IpStatus.NONE.value: 10}
        ),
        "innovation": f"把{words.method}用于{words.process}，{words.problem}可以提前发现并自动修正。",
        "comparison_with_present": f"现在靠人工经验，{figures[0].measure.name}一般为 {figures[0].measure.told(0)}。",
        "transfer_modes": modes,
        "price": lots.choice(("面议", "10–30 万元", "30–80 万元", "80–200 万元", "按产量提成")),
    }
    if lots.chance(0.3) or "try_first" in modes:
        details["try_first"] = True
    return OfferText(
        line(RESULT_TITLES, slots, lots),
        line(VALUES, slots, lots),
        "".join(text.format_map(slots) for text in told),
        details,
        figures,
    )


def expert_text(words: Words, lots: Lots) -> OfferText:
    subject, name = words.subject, person_name(lots)
    job = lots.one_of({"教授": 30, "副教授": 34, "研究员": 12, "高级工程师": 16, "教授级高工": 8})
    directions = "、".join(
        dict.fromkeys((words.method, lots.choice(subject.methods), f"{words.object}{words.process}"))
    )
    details = {
        "person_name": name,
        "job_title": job,
        "directions": directions,
        "solves": "、".join(lots.sample(subject.problems, 3)),
        "companies_served": f"{lots.randint(1, 14)} 家本地企业",
        "available_time": lots.choice(("每月 2 天", "每季度一周", "每年 20–30 天", "寒暑假可驻厂")),
        "confirmed": True,
    }
    title = f"{words.object}{words.process}与{words.method}方向专家"
    value = f"擅长解决{words.object}的{words.problem}"
    years = lots.randint(6, 32)
    description = (
        f"从事{subject.name}研究 {years} 年，熟悉{words.equipment}和{words.material}，可到厂诊断并指导{words.process}。"
    )
    return OfferText(title[:LONGEST_LINE], value, description, details, ())


def facility_text(kind: CapabilityKind, words: Words, lots: Lots) -> OfferText:
    """A laboratory, an instrument, a pilot base or a service team."""
    subject = words.subject
    price = lots.choice(("按次收费，首次免费", "300 元/样起", "1,200 元/天", "面议"))
    title, details = {
        CapabilityKind.LABORATORY: (
            f"{subject.name}{lots.choice(('重点', '工程', '联合', '开放'))}实验室（{words.process}方向）",
            {
                "level": lots.one_of(dict(zip(LaboratoryLevel.values, (1, 4, 6), strict=True))),
                "directions": f"{words.method}、{words.process}",
                "accreditation": lots.choice(("CNAS", "CMA", "CNAS、CMA", "暂无")),
                "access_rules": "工作日开放，提前三天预约。",
            },
        ),
        CapabilityKind.INSTRUMENT: (
            f"{words.equipment}（{words.object}{words.process}）",
            {
                "model": f"{lots.choice('ABDKMX')}{lots.randint(20, 990)}",
                "samples": f"{words.object}、{words.material}",
                "price": price,
                "bookable": lots.choice(("周一至周五", "每周二、四下午", "工作日 9:00–17:00")),
            },
        ),
        CapabilityKind.PILOT_BASE: (
            f"{subject.name}中试基地（{words.process}）",
            {
                "field": subject.name,
                "scale": f"单批 {lots.choice((50, 100, 200, 500))} kg",
                "area": f"{lots.choice((600, 1200, 2500, 4000))} 平方米",
                "equipment": "、".join(subject.equipment),
                "process_abilities": "、".join(subject.processes),
                "safety": "具备环评和安全设施验收手续，废水废气集中处理。",
                "price": price,
            },
        ),
        CapabilityKind.SERVICE_TEAM: (
            f"{words.object}{words.process}诊断与改造服务团队",
            {"services": f"{words.problem}诊断、{words.method}实施、工艺员培训", "price": price},
        ),
    }[kind]
    value = f"可做{words.object}的{words.process}，帮助解决{words.problem}"
    return OfferText(title[:LONGEST_LINE], value, f"面向中小企业开放，{value}。", details, ())


def _reached(words: Words, lots: Lots, *, fewest: int) -> tuple[Figure, ...]:
    measures = lots.some_of(words.subject.measures, fewest, 3)
    return tuple(Figure(measure, lots.uniform(0.3, 1.04)) for measure in measures)
