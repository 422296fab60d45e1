"""What needs say: sentences of the city's own, filled with the words of a subject."""

from dataclasses import dataclass

from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.words import Figure, Words, line

NEED_TITLES = (
    "解决{object}{process}中的{problem}问题",
    "{object}{problem}攻关，{goal}",
    "{object}{process}工艺改进，{goal}",
    "{material}用于{object}，{goal}",
    "{object}{process}环节{problem}，寻求{method}",
)
LINE_TITLES = ("{object}生产线{process}工序自动化改造，{goal}", "{object}产线升级：用{method}解决{problem}")
BACKGROUNDS = (
    (
        "我公司主要做{object}，年产值约 {money} 万元，工艺沿用多年，配有{equipment}。"
        "近{years}年{problem}一直压不下去，{measure}在 {now} 左右。"
    ),
    (
        "{object}是我公司的主要产品，{process}这道工序占了大半返工。"
        "主要表现是{problem}，{measure}只能做到 {now}，比同行差一截。"
    ),
    (
        "厂里有{equipment} {machines} 台，主要产品是{object}。"
        "换用{material}以后{problem}更明显，{measure}为 {now}，靠老师傅经验调参数。"
    ),
    (
        "公司员工 {people} 人，没有专职研发。{object}订单涨了三成，{process}成了瓶颈，"
        "{problem}的比例高，{measure}目前是 {now}。"
    ),
)
GOALS = (
    "希望在不更换主要设备的前提下改进{process}，把{goal}{more}。希望合作方给出可执行的工艺文件，并到厂里带一个月。",
    "查清{object}出现{problem}的原因，给出改进方案并做小批验证：{goal}{more}。成本增加不超过 {cost}%。",
    "用{method}或其他可行的办法改造{process}，做到{goal}{more}。先做样件，合格后再谈批量改造。",
    "针对{material}重新设计{process}的参数和控制方式，{goal}{more}，连续 {weeks} 周稳定生产后验收。",
)
TRIED = (
    "自己调过温度和时间，有改善但不稳定。",
    "换过两家供应商的材料，差别不大。",
    "请设备厂家来看过，没有找到原因。",
    "",
)


@dataclass(frozen=True, slots=True)
class NeedText:
    title: str
    background: str
    goal: str
    tried: str
    figures: tuple[Figure, ...]
    current: tuple[str, ...]


def need_text(words: Words, need_type: str, lots: Lots) -> NeedText:
    """One need in its company's words; it names nobody."""
    measures = lots.some_of(words.subject.measures, 1, 3)
    figures = tuple(Figure(measure, lots.uniform(0.35, 0.85)) for measure in measures)
    now = tuple(measure.told(lots.uniform(-0.15, 0.12)) for measure in measures)
    slots = words.slots(figures) | {
        "now": now[0],
        "measure": measures[0].name,
        "more": "".join(f"，{figure.goal}" for figure in figures[1:2]),
        "money": lots.choice((600, 1_500, 2_800, 4_200, 8_000, 15_000)),
        "people": lots.choice((35, 60, 90, 150, 260)),
        "years": lots.choice("一两三"),
        "machines": lots.randint(2, 12),
        "cost": lots.choice((3, 5, 8, 10)),
        "weeks": lots.choice((2, 4, 6, 8)),
    }
    titles = LINE_TITLES if need_type == "line_change" else NEED_TITLES
    return NeedText(
        line(titles, slots, lots),
        lots.choice(BACKGROUNDS).format_map(slots),
        lots.choice(GOALS).format_map(slots),
        lots.choice(TRIED),
        figures,
        now,
    )
