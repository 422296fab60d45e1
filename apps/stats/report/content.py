"""The monthly report before it has a form: sentences, tables and charts, all from the same figures as the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.engagements.services import NOT_ACHIEVED
from apps.stats.dashboard.distribution import Table, by_place
from apps.stats.dashboard.months import by_month
from apps.stats.dashboard.numbers import Part, Totals
from apps.stats.dashboard.response import Response, response
from apps.stats.dashboard.targets import standing_by
from apps.stats.figures import FIGURES, FUNNEL, MONEY
from apps.stats.measures import FEN_IN_YI, STANDING
from apps.stats.measures import MONEY as MONEY_MEASURES
from apps.stats.models import Target
from apps.stats.periods import Period
from apps.stats.questions import Question, Terms
from apps.stats.refreshing import figures_current_at
from apps.stats.report.amounts import cell, heading, in_unit
from apps.stats.report.comparing import Measured, sentence
from apps.stats.templatetags.figures import lasting, target_value
from apps.taxonomy.models import Term

COUNTED = tuple(dict.fromkeys((*FUNNEL, "capabilities", "declines", "not_achieved", *MONEY)))
SAID = ("needs", "engagements", "contract_yuan", "received_yuan", "outcomes")
DRAWN = ("needs", "engagements", "contract_yuan", "outcomes")
OF_COMPANIES = ("registered", "verified", "centres")


@dataclass(frozen=True, slots=True)
class ReportTable:
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    has_total: bool = False


@dataclass(frozen=True, slots=True)
class ReportChart:
    """Columns of a figure over twelve months; `values` in the unit that `title` names."""

    title: str
    labels: Sequence[str]
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Report:
    region: str
    month: date
    made_on: date
    current_at: datetime | None
    summary: list[str]
    targets: list[str]
    tables: list[ReportTable]
    charts: list[ReportChart]
    definitions: list[tuple[str, str]]


def month_of(first: date) -> Period:
    return Period(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


def report_content(*, month: date, district: Term | None, made_on: date) -> Report:
    """Of one whole month; `district` None for the city. Some twenty queries."""
    terms, period = Terms(), month_of(month)
    asked = Question(period, terms, district=district)
    year_ago = Question(month_of(month.replace(year=month.year - 1)), terms, district=district)
    so_far = Question(Period(date(month.year, 1, 1), period.last), terms, district=district)
    now, ago, year = (Totals(question, COUNTED) for question in (asked, year_ago, so_far))
    measured = {key: _measured(key, now, ago) for key in COUNTED}
    places = by_place(asked)
    tables = [_headline(measured, year), *_of_parts(now)]
    if district is None:
        tables.append(_breakdown(_("各区市"), _("区市"), places["district"], now))
    tables.append(_breakdown(_("各产业链"), _("产业链"), places["chain"], now))
    return Report(
        region=str(district) if district else _("全市"),
        month=month,
        made_on=made_on,
        current_at=figures_current_at(),
        summary=[*(sentence(measured[key]) for key in SAID), _answers(response(asked))],
        targets=_targets(month.year, period.last, year) if district is None else [],
        tables=tables,
        charts=_charts(period, terms, district),
        definitions=[(str(FIGURES[key].label), str(FIGURES[key].definition)) for key in COUNTED],
    )


def _measured(key: str, now: Totals, ago: Totals) -> Measured:
    number = now.number(key)
    return Measured(
        key=key,
        label=str(number.figure.label),
        counts_companies=key in OF_COMPANIES,
        now=number.value,
        month_before=number.before,
        year_before=ago.number(key).value,
        is_money=number.is_money,
    )


def _headline(measured: dict[str, Measured], year: Totals) -> ReportTable:
    month, before, ago = pgettext("heading", "本月"), pgettext("heading", "上月"), pgettext("heading", "上年同月")
    header = [_("指标"), month, before, ago, pgettext("heading", "今年累计")]
    rows = []
    for key, row in measured.items():
        values = (row.now, row.month_before, row.year_before, year.number(key).value)
        rows.append([heading(row.label, is_money=row.is_money), *(cell(it, is_money=row.is_money) for it in values)])
    return ReportTable(_("主要指标"), header, rows)


def _of_parts(now: Totals) -> list[ReportTable]:
    types = now.parts("outcomes", without=(NOT_ACHIEVED,))
    contracts = now.parts("contract_yuan")
    found = (
        (_("成效类型"), _("确认的成效"), types, _("本月没有确认的成效。")),
        (_("技术合同类别"), heading(_("合同成交额"), is_money=True), contracts, _("本月没有签订技术合同。")),
    )
    return [
        ReportTable(title, [title, counted], _lines(parts), note=none if not _lines(parts) else "")
        for title, counted, parts, none in found
    ]


def _lines(parts: Sequence[Part]) -> list[list[str]]:
    return [[part.label, cell(part.number, is_money=part.is_money)] for part in parts if part.number]


def _breakdown(title: str, first: str, table: Table, now: Totals) -> ReportTable:
    """Only rows that have something, a report of zeros is read by nobody; and what they are parts of."""
    headings = [first, *(heading(figure.label, is_money=bool(figure.amount)) for figure in table.figures)]
    rows = [row for row in table.rows if any(part.number for part in row.cells)]
    if not rows:
        return ReportTable(title, headings, [], _("本月没有记录。"))
    lines = [[row.label, *(cell(part.number, is_money=part.is_money) for part in row.cells)] for row in rows]
    totals = (now.number(figure.key) for figure in table.figures)
    lines.append([_("合计"), *(cell(total.value, is_money=total.is_money) for total in totals)])
    note = _("本月没有记录的不列出。合计中，属于几条产业链的只计一次，没有填写区市或产业链的也计入。")
    return ReportTable(title, headings, lines, note, has_total=True)


def _answers(found: Response) -> str:
    if not found.published:
        return _("答复：本月没有发布需求。")
    if not found.due:
        return _("答复：本月发布的需求都还不满一周，也还没有得到答复。")
    values = {
        "due": f"{found.due:,}",
        "in_week": f"{found.in_week:,}",
        "share": f"{found.share_in_week:g}",
        "median": lasting(found.median_time) if found.median_time is not None else "",
    }
    if not found.answered:
        return _("答复：本月发布的需求中应答复 %(due)s 项，还没有得到答复。") % values
    return (
        _("答复：本月发布的需求中应答复 %(due)s 项，一周内答复 %(in_week)s 项（%(share)s%%），用时中位数 %(median)s。")
        % values
    )


def _targets(year: int, until: date, reached: Totals) -> list[str]:
    """Of this year's: what is reached by the end of the month, and what the pace asks of those that are summed up."""
    passed = (until - date(year, 1, 1)).days + 1
    length = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    there = standing_by(until)
    return [
        _standing(target, there[target.measure])
        if target.measure in STANDING
        else _target(target, reached, Decimal(passed) / length)
        for target in Target.objects.filter(year=year).order_by("measure")
    ]


def _standing(target: Target, there: Decimal) -> str:
    """Of what is there, not summed over a year: no pace."""
    words = {
        "measure": target.get_measure_display(),
        "actual": target_value(there),
        "target": target_value(target.value),
        "percent": f"{100 * there / target.value:,.1f}" if target.value else "100",
    }
    return _("%(measure)s：目前 %(actual)s，为今年目标 %(target)s 的 %(percent)s%%。") % words


def _target(target: Target, reached: Totals, part_of_year: Decimal) -> str:
    value = Decimal(reached.number(target.measure).value)
    actual = value / FEN_IN_YI if target.measure in MONEY_MEASURES else value
    expected = target.value * part_of_year
    words = {
        "measure": target.get_measure_display(),
        "actual": target_value(round(actual, 2)),
        "target": target_value(target.value),
        "percent": f"{100 * actual / target.value:,.1f}" if target.value else "100",
        "expected": target_value(round(expected, 2)),
    }
    if actual >= expected:
        return (
            _("%(measure)s：今年累计 %(actual)s，为全年目标 %(target)s 的 %(percent)s%%，达到时间进度 %(expected)s。")
            % words
        )
    return (
        _("%(measure)s：今年累计 %(actual)s，为全年目标 %(target)s 的 %(percent)s%%，低于时间进度 %(expected)s。")
        % words
    )


def _charts(period: Period, terms: Terms, district: Term | None) -> list[ReportChart]:
    first = period.first.replace(year=period.first.year - 1) + timedelta(days=32)
    axis = by_month(Question(Period(first.replace(day=1), period.last), terms, district=district), DRAWN)
    labels = [label for label, _stretch in axis.stretches]
    return [_chart(key, labels, axis.values[key]) for key in DRAWN]


def _chart(key: str, labels: list[str], values: list[int]) -> ReportChart:
    figure = FIGURES[key]
    is_money = bool(figure.amount)
    title = _("近12个月%(figure)s") % {"figure": heading(figure.label, is_money=is_money)}
    return ReportChart(title, labels, [float(in_unit(value)) if is_money else value for value in values])
