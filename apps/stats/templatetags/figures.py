"""How figures are told: money in the unit that a person would use, time in hours or days, change with its sign."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from apps.stats.dashboard.numbers import Number, Part

register = template.Library()

FEN, WAN, YI = 100, 10_000, 100_000_000


@register.filter
def money(fen: Any) -> str:
    """An amount in fen, in yuan, 万元 or 亿元: three or four digits that say something."""
    yuan = Decimal(int(fen or 0)) / FEN
    if abs(yuan) >= YI:
        return _("%(amount)s 亿元") % {"amount": f"{yuan / YI:,.2f}"}
    if abs(yuan) >= WAN:
        return _("%(amount)s 万元") % {"amount": f"{yuan / WAN:,.1f}"}
    return _("%(amount)s 元") % {"amount": f"{yuan:,.0f}"}


@register.filter
def told(value: Any, is_money: Any = False) -> str:  # noqa: FBT002  (templates pass filters one argument)
    return money(value) if is_money else f"{value:,}"


@register.filter
def yuan(value: Any) -> str:
    """An amount in yuan."""
    return money(Decimal(value) * FEN)


@register.filter
def change(number: Number) -> str:
    """The difference to the period before, with its sign and in percent; a dash where there was nothing before."""
    sign = "+" if number.difference > 0 else "−" if number.difference < 0 else "±"
    difference = told(abs(number.difference), number.is_money)
    percent = "—" if number.percent is None else f"{sign}{abs(number.percent):,.1f}%"
    return _("%(difference)s（%(percent)s）") % {"difference": f"{sign}{difference}", "percent": percent}


@register.filter
def direction(number: Number) -> str:
    return "up" if number.difference > 0 else "down" if number.difference < 0 else "same"


@register.filter
def lasting(wait: timedelta) -> str:
    minutes = int(wait.total_seconds() // 60)
    if minutes < 60:
        return _("%(count)d 分钟") % {"count": minutes}
    if minutes < 48 * 60:
        return _("%(count).1f 小时") % {"count": minutes / 60}
    return _("%(count).1f 天") % {"count": minutes / 1440}


@register.filter
def percent(share: float | None) -> str:
    return "—" if share is None else f"{share:g}%"


@register.filter
def target_value(value: Any) -> str:
    """Without decimals that say nothing; small amounts keep them."""
    number = Decimal(value)
    return f"{number:,.0f}" if number == number.to_integral() or number >= 100 else f"{number:,.2f}"


@register.filter
def nothing(parts: Iterable[Part]) -> bool:
    return not any(part.number for part in parts)


@register.filter
def hours(value: float | None) -> str:
    """Working hours: a dash where there were none."""
    return "—" if value is None else _("%(count).1f 小时") % {"count": value}


@register.filter
def axis(value: int, is_money: Any = False) -> str:  # noqa: FBT002  (templates pass filters one argument)
    """A number short enough to stand above a column: money in 万元 or 亿元 without saying so twice."""
    if not is_money:
        return f"{value:,}"
    return money(value).replace(" ", "").removesuffix("元")
