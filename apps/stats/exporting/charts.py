"""The table behind each chart of the statistics pages, under the same question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from apps.core.tables.writing import Cell
from apps.engagements.services import NOT_ACHIEVED
from apps.stats.dashboard.distribution import Table, brokers, by_place, institutions, kinds
from apps.stats.dashboard.fit import Gap, gaps
from apps.stats.dashboard.months import by_month
from apps.stats.dashboard.numbers import Number, Part, Totals
from apps.stats.dashboard.overview import BESIDE, MONTHLY
from apps.stats.dashboard.response import response
from apps.stats.dashboard.targets import progress
from apps.stats.figures import FIGURES, FUNNEL, MONEY, Figure
from apps.stats.questions import Question

FEN_IN_YUAN = 100


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it leaves: money in yuan, percentages as numbers."""

    label: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def heading(figure: Figure) -> str:
    return _("%(figure)s（元）") % {"figure": figure.label} if figure.amount else str(figure.label)


def amount(value: int, *, is_money: bool) -> Cell:
    return Decimal(value) / FEN_IN_YUAN if is_money else value


def _numbers(label: str, keys: Sequence[str], question: Question) -> Sheet:
    totals = Totals(question, keys)
    header = [_("统计项"), _("本期"), _("上期"), _("增减"), _("增减（%）")]
    return Sheet(label, header, [_line(totals.number(key)) for key in keys])


def _line(number: Number) -> list[Cell]:
    values = (number.value, number.before, number.difference)
    amounts = [amount(value, is_money=number.is_money) for value in values]
    return [heading(number.figure), *amounts, number.percent]


def _months(key: str, question: Question) -> Sheet:
    label = _("每月%(figure)s") % {"figure": FIGURES[key].label}
    return _parts(label, _("月份"), key, by_month(question, (key,)).parts(key))


def _terms(label: str, key: str, without: tuple[str, ...], question: Question) -> Sheet:
    return _parts(label, _("类别"), key, Totals(question, (key,)).parts(key, without=without))


def _parts(label: str, first: str, key: str, parts: list[Part]) -> Sheet:
    rows: list[list[Cell]] = [[part.label, amount(part.number, is_money=part.is_money)] for part in parts]
    return Sheet(label, [first, heading(FIGURES[key])], rows)


def _places(label: str, name: str, question: Question) -> Sheet:
    return _breakdown(label, by_place(question)[name])


def _kinds(label: str, question: Question) -> Sheet:
    return _breakdown(label, kinds(question))


def _all_institutions(label: str, question: Question) -> Sheet:
    return _breakdown(label, institutions(question, most=None))


def _all_brokers(label: str, question: Question) -> Sheet:
    return _breakdown(label, brokers(question, most=None))


def _breakdown(label: str, table: Table) -> Sheet:
    with_credits = any(row.credit_yuan is not None for row in table.rows)
    credit = [_("确认的业绩（元）")] if with_credits else []
    rows = [
        [
            row.label,
            *(amount(part.number, is_money=part.is_money) for part in row.cells),
            *([row.credit_yuan] if with_credits else []),
        ]
        for row in table.rows
    ]
    return Sheet(label, [label, *(heading(figure) for figure in table.figures), *credit], rows)


def _gaps(label: str, place: int, question: Question) -> Sheet:
    found: list[Gap] = gaps(question)[place]
    header = [label, _("在榜需求"), _("在架资源"), _("每项需求的资源数")]
    return Sheet(label, header, [[str(gap.term), gap.needs, gap.capabilities, gap.per_need] for gap in found])


def _response(question: Question) -> Sheet:
    found = response(question)
    wait, quickest = found.median_time, found.fastest
    rows: list[list[Cell]] = [
        [_("发布的需求"), found.published],
        [_("应答复的需求"), found.due],
        [_("一周内得到答复的需求"), found.in_week],
        [_("一周答复率（%）"), found.share_in_week],
        [_("得到答复的需求"), found.answered],
        [_("首次答复用时的中位数（小时）"), None if wait is None else round(wait.total_seconds() / 3600, 1)],
        [_("最快的答复（小时）"), None if quickest is None else round(quickest.total_seconds() / 3600, 1)],
    ]
    for one in found.served:
        median = one.waits.median_hours
        rows += [
            [_("%(measure)s（%%）") % {"measure": one.time.label}, one.waits.percent_in_time],
            [_("%(measure)s（工作小时）") % {"measure": one.time.median_label}, median and round(median, 1)],
        ]
    return Sheet(_("答复"), [_("统计项"), _("数值")], rows)


def _targets(question: Question) -> Sheet:
    header = [_("年份"), _("指标"), _("目标"), _("目前"), _("按时间进度应达到"), _("每年需增长（%）")]
    rows: list[list[Any]] = [
        [
            row.target.year,
            str(row.target.get_measure_display()),
            row.target.value,
            row.actual,
            None if row.expected is None else round(row.expected, 2),
            row.growth,
        ]
        for row in progress(question)
    ]
    return Sheet(_("目标与进度"), header, rows)


def chart_sheets() -> dict[str, Callable[[Question], Sheet]]:
    """By the name in the address; labels in the language of the moment."""
    return {
        "funnel": partial(_numbers, _("从注册到成效"), (*FUNNEL, *BESIDE)),
        "money": partial(_numbers, _("金额"), MONEY),
        "targets": _targets,
        "outcome-types": partial(_terms, _("成效类型"), "outcomes", (NOT_ACHIEVED,)),
        "contract-types": partial(_terms, _("合同成交额按类别"), "contract_yuan", ()),
        "decline-reasons": partial(_terms, _("婉拒原因"), "declines", ()),
        "district": partial(_places, _("区市"), "district"),
        "chain": partial(_places, _("产业链"), "chain"),
        "tier": partial(_places, _("企业梯度"), "tier"),
        "institution-kind": partial(_kinds, _("供给单位类型")),
        "institution": partial(_all_institutions, _("供给单位")),
        "broker": partial(_all_brokers, _("技术经纪人")),
        "response": _response,
        "by-gap-chain": partial(_gaps, _("产业链"), 0),
        "by-gap-tag": partial(_gaps, _("标签"), 1),
        **{f"months-{key}": partial(_months, key) for key in MONTHLY},
    }
