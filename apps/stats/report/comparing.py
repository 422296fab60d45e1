"""What a number is beside the one of another month, as a part of a sentence; nothing is divided by zero."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.stats.templatetags.figures import told

MANIFOLD = 3
"""From so many times the former number on, a multiple says more than a percentage."""

LAST_MONTH, LAST_YEAR = gettext_lazy("上月"), gettext_lazy("上年同月")


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure's number of the month, of the month before, and of the same month of the year before."""

    key: str
    label: str
    counts_companies: bool
    now: int
    month_before: int
    year_before: int
    is_money: bool = False

    def amount(self, value: int) -> str:
        if self.is_money:
            return told(value, is_money=True)
        if self.counts_companies:
            text = ngettext("%(number)s 家", "%(number)s 家", value)
        else:
            text = ngettext("%(number)s 项", "%(number)s 项", value)
        return text % {"number": f"{value:,}"}


def compared(measured: Measured, before: int, when: Any) -> str:
    """A clause: "比上月增加 3 项（增长 12.5%）"."""
    now, names = measured.now, {"when": when}
    if not before:
        return (_("%(when)s没有") if now else _("%(when)s也没有")) % names
    if not now:
        return _("%(when)s为 %(before)s") % {"when": when, "before": measured.amount(before)}
    if now == before:
        return _("与%(when)s持平") % names
    values = {
        "when": when,
        "difference": measured.amount(abs(now - before)),
        "percent": f"{100 * abs(now - before) / before:,.1f}",
        "times": f"{now / before:,.1f}",
    }
    if now >= MANIFOLD * before:
        return _("比%(when)s增加 %(difference)s，是%(when)s的 %(times)s 倍") % values
    if now > before:
        return _("比%(when)s增加 %(difference)s（增长 %(percent)s%%）") % values
    return _("比%(when)s减少 %(difference)s（下降 %(percent)s%%）") % values


def sentence(measured: Measured) -> str:
    """What the month came to, and both comparisons."""
    last_month = compared(measured, measured.month_before, LAST_MONTH)
    last_year = compared(measured, measured.year_before, LAST_YEAR)
    if not (measured.now or measured.month_before or measured.year_before):
        return _("%(label)s：本月、上月和上年同月都没有。") % {"label": measured.label}
    words = {"label": measured.label, "last_month": last_month, "last_year": last_year}
    if not measured.now:
        return _("%(label)s：本月没有；%(last_month)s，%(last_year)s。") % words
    words["now"] = measured.amount(measured.now)
    return _("%(label)s：本月 %(now)s，%(last_month)s；%(last_year)s。") % words
