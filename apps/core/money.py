"""Amounts as people read them: in yuan, and in 万元 where that is usual. Chinese counts by ten thousands and English by
thousands, so that the number itself depends on the language.
"""

from decimal import Decimal

from django.utils.translation import get_language, gettext

WAN = Decimal(10_000)


def counts_in_wan() -> bool:
    return (get_language() or "").startswith("zh")


def yuan(amount: Decimal | None) -> str:
    """ "320,000 元（32 万元）"; below 10,000, and in English, in yuan alone. Nothing for None."""
    if amount is None:
        return ""
    shown = gettext("%(amount)s 元") % {"amount": plain_amount(amount)}
    if amount < WAN or not counts_in_wan():
        return shown
    return shown + gettext("（%(amount)s 万元）") % {"amount": plain_amount(amount / WAN)}


def wan(amount: Decimal | None) -> str:
    """ "32 万元"; below 10,000 "8,000 元"; in English "320,000 yuan"."""
    if amount is None or amount < WAN or not counts_in_wan():
        return yuan(amount)
    return gettext("%(amount)s 万元") % {"amount": plain_amount(amount / WAN)}


def from_wan(amount: Decimal | str) -> str:
    """The same, of an amount that is kept in 万元, or is written so."""
    return wan(Decimal(amount) * WAN)


def plain_amount(amount: Decimal) -> str:
    """With its thousands apart and no idle zeros."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
