"""Amounts as people read them: in yuan, and in 万元 where that is usual."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext

register = template.Library()
WAN = Decimal(10_000)


@register.filter
def yuan(amount: Decimal | None) -> str:
    """ "320,000 元（32 万元）"; below 10,000 in yuan alone. Nothing for None."""
    if amount is None:
        return ""
    shown = gettext("%(amount)s 元") % {"amount": plain_amount(amount)}
    if amount < WAN:
        return shown
    return shown + gettext("（%(amount)s 万元）") % {"amount": plain_amount(amount / WAN)}


@register.filter
def wan(amount: Decimal | None) -> str:
    """ "32 万元"; below 10,000 "8,000 元"."""
    if amount is None:
        return ""
    if amount < WAN:
        return yuan(amount)
    return gettext("%(amount)s 万元") % {"amount": plain_amount(amount / WAN)}


def plain_amount(amount: Decimal) -> str:
    """With its thousands apart and no idle zeros."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
