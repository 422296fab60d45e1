"""Money in the tables and charts of a report: in one unit, which the heading names, so that amounts compare."""

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.money import counts_in_wan

FEN_IN_WAN, FEN_IN_THOUSAND = 1_000_000, 100_000


def heading(label: object, *, is_money: bool) -> str:
    """What stands above numbers: a count's label as it is, an amount's with its unit."""
    if not is_money:
        return str(label)
    words = {"figure": label}
    return _("%(figure)s（万元）") % words if counts_in_wan() else _("%(figure)s（千元）") % words


def in_unit(fen: int) -> Decimal:
    return Decimal(fen) / (FEN_IN_WAN if counts_in_wan() else FEN_IN_THOUSAND)


def cell(value: int, *, is_money: bool) -> str:
    """An amount in 万元 with one decimal, and nothing at all as a plain 0."""
    if not is_money or not value:
        return f"{value:,}"
    return f"{in_unit(value):,.1f}" if counts_in_wan() else f"{in_unit(value):,.0f}"
