"""How long a pair has been waited for and what is left, said to one reader."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from apps.core.due_times import due_text, is_pressing
from apps.core.money import from_wan
from apps.matching.models import Ask, Bid, Proposal, Side
from apps.matching.replies.asks import open_asks
from apps.taxonomy.models import Term, Vocabulary
from apps.taxonomy.selectors import terms


@dataclass(frozen=True, slots=True)
class Countdown:
    """`waits_for` is the side that is to answer; `is_ours` whether that is the reader's."""

    waits_for: str
    label: str
    text: str
    asked_at: datetime
    due_at: datetime
    is_ours: bool
    is_pressing: bool


@dataclass(frozen=True, slots=True)
class BidShown:
    """A bid that stands, for all who may see the pair."""

    plan: str
    price: str
    price_wan: Decimal | None
    months: int
    placed_at: datetime


class FrequentReasons:
    """The reasons that one tap gives; read once for all cards of a page."""

    CODES = ("field_mismatch", "indicator_short", "budget_mismatch", "no_capacity")

    @cached_property
    def rows(self) -> list[Term]:
        found = {term.code: term for term in terms(Vocabulary.DECLINE_REASON).filter(code__in=self.CODES)}
        return [found[code] for code in self.CODES if code in found]


def open_ask_of(proposal: Proposal) -> Ask | None:
    """From what `selectors` read beforehand, else from the database."""
    rows = getattr(proposal, "open_asks", None)
    if rows is None:
        return open_asks().filter(proposal=proposal).first()
    return rows[0] if rows else None


def countdown_of(proposal: Proposal, side: Side | None) -> Countdown | None:
    """None while nobody is waited for. `side` is the reader's, None for people of the platform."""
    ask = open_ask_of(proposal)
    if ask is None:
        return None
    return Countdown(
        waits_for=ask.side,
        label=_waiting_label(ask.side, side),
        text=due_text(ask.due_at),
        asked_at=ask.asked_at,
        due_at=ask.due_at,
        is_ours=ask.side == side,
        is_pressing=is_pressing(ask.due_at),
    )


def bid_of(proposal: Proposal) -> BidShown | None:
    bid: Bid | None = getattr(proposal, "bid", None)
    if bid is None or bid.withdrawn_at is not None:
        return None
    return BidShown(bid.plan, price_text(bid.price_wan), bid.price_wan, bid.months, bid.placed_at)


def price_text(price_wan: Decimal | None) -> str:
    if price_wan is None:
        return _("面议")
    return from_wan(price_wan)


def _waiting_label(asked: str, reader: Side | None) -> str:
    if reader is None:
        return _("等需求方答复") if asked == Side.NEED else _("等供给方答复")
    return _("等您答复") if asked == reader else _("等对方答复")
