"""How figures are told: money in the unit that a person would use, time in hours or days, change with its sign."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.money import counts_in_wan
from apps.stats.dashboard.numbers import Number, Part

register = template.Library()

FEN = 100


class Scale(NamedTuple):
    """From `yuan` on an amount is told as so many of them: in `words`, or `short` where a chart has little room."""

    yuan: int
    digits: int
    words: Any
    short: Any


IN_CHINESE = (
    Scale(100_000_000, 2, gettext_lazy("%(amount)s 亿元"), gettext_lazy("%(amount)s亿")),
    Scale(10_000, 1, gettext_lazy("%(amount)s 万元"), gettext_lazy("%(amount)s万")),
)
IN_ENGLISH = (
    Scale(1_000_000_000, 2, gettext_lazy("%(amount)s 十亿元"), gettext_lazy("%(amount)s十亿")),
    Scale(1_000_000, 2, gettext_lazy("%(amount)s 百万元"), gettext_lazy("%(amount)s百万")),
)


@register.filter
def money(fen: Any) -> str:
    """An amount in fen, in yuan, 万元 or 亿元: three or four digits that say something."""
    yuan, scale = _scaled(fen)
    if scale:
        return str(scale.words) % {"amount": f"{yuan / scale.yuan:,.{scale.digits}f}"}
    return _("%(amount)s 元") % {"amount": f"{yuan:,.0f}"}


def _scaled(fen: Any) -> tuple[Decimal, Scale | None]:
    yuan = Decimal(int(fen or 0)) / FEN
    scales = IN_CHINESE if counts_in_wan() else IN_ENGLISH
    return yuan, next((scale for scale in scales if abs(yuan) >= scale.yuan), None)


@register.filter
def told(value: Any, is_money: Any = False) -> str:  # noqa: FBT002  (templates pass filters one argument)
    return money(value) if is_money else f"{value:,}"


@register.filter
def yuan(value: Any) -> str:
    """An amount in yuan."""
    return money(Decimal(value) * FEN)


@register.filter
def change(number: Number) -> str:
    """The difference to the period before, with its sign and in percent unless there was nothing before."""
    sign = "+" if number.difference > 0 else "−" if number.difference < 0 else "±"
    difference = told(abs(number.difference), number.is_money)
    if number.percent is None:
        return f"{sign}{difference}"
    percent = f"{sign}{abs(number.percent):,.1f}%"
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
    yuan, scale = _scaled(value)
    return str(scale.short) % {"amount": f"{yuan / scale.yuan:,.{scale.digits}f}"} if scale else f"{yuan:,.0f}"
