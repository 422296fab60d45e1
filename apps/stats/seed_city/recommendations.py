"""Recommendations as rows: the pairs with their answers, and who was waited for."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from apps.core.working_days import add_working_days
from apps.matching.models import Ask, AskAnswer, Proposal, ProposalState, Side
from apps.needs.models import OPEN_STATES
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.pairs import Pair
from apps.stats.seed_city.terms import Terms
from apps.stats.seed_city.writing import Writer
from apps.taxonomy.models import Vocabulary

REASONS = {
    Side.NEED: {
        "field_mismatch": 16,
        "indicator_short": 22,
        "maturity_low": 14,
        "budget_mismatch": 20,
        "time_mismatch": 9,
        "region": 3,
        "has_partner": 10,
        "ip_concern": 3,
        "other": 3,
    },
    Side.CAPABILITY: {
        "field_mismatch": 18,
        "indicator_short": 9,
        "budget_mismatch": 18,
        "time_mismatch": 12,
        "insufficient_info": 16,
        "ip_concern": 5,
        "no_capacity": 19,
        "other": 3,
    },
}
NOTES = {
    "other": ("设备接口不一致。", "近期有同类项目在做，明年再联系。"),
    "has_partner": ("", "已与省内一家研究所签约。"),
}
REPLY_DAYS = 3


def write_recommendations(pairs: Sequence[Pair], *, terms: Terms, writer: Writer, lots: Lots) -> None:
    rows = (_row(pair, terms, lots) for pair in pairs)
    written = writer.add(Proposal, rows, created="proposed_at", shown=True)
    for pair, row in zip(pairs, written, strict=True):
        pair.pk = row.pk
    writer.add_all(Ask, (ask for pair in pairs for ask in _asks(pair)))


def _row(pair: Pair, terms: Terms, lots: Lots) -> Proposal:
    posting, offer = pair.posting, pair.offer
    keeps_place = pair.state != ProposalState.VIEWED or posting.ending.state in OPEN_STATES
    return Proposal(
        public_id=lots.public_id(),
        need_id=posting.pk,
        capability_id=offer.pk,
        state=pair.state,
        score=pair.match.score,
        rank=pair.rank if keeps_place and pair.state != ProposalState.TIMED_OUT else None,
        need_version=1,
        capability_version=1,
        proposed_at=pair.proposed_at,
        need_viewed_rank=pair.rank if pair.need_viewed_at else None,
        need_viewed_at=pair.need_viewed_at,
        capability_viewed_at=pair.capability_viewed_at,
        need_accepted_at=pair.need_accepted_at,
        need_accepted_by_id=posting.company.person if pair.need_accepted_at else None,
        capability_accepted_at=pair.capability_accepted_at,
        capability_accepted_by_id=offer.person if pair.capability_accepted_at else None,
        accepted_at=pair.accepted_at if pair.state == ProposalState.ACCEPTED else None,
        **_decline(pair, terms, lots),
        **pair.match.columns,
    )


def _decline(pair: Pair, terms: Terms, lots: Lots) -> dict[str, object]:
    if pair.declined_side is None:
        return {}
    reason = lots.one_of(REASONS[pair.declined_side])
    by_need = pair.declined_side == Side.NEED
    return {
        "declined_at": pair.declined_at,
        "declined_side": pair.declined_side,
        "declined_by_id": pair.posting.company.person if by_need else pair.offer.person,
        "decline_reason_id": terms.pk(Vocabulary.DECLINE_REASON, reason),
        "decline_note": lots.choice(NOTES.get(reason, ("",))),
    }


def _asks(pair: Pair) -> Iterator[Ask]:
    """The side that did not say yes first was waited for; past the time it counts as run out, whatever came later."""
    said = [(at, side) for side in Side if (at := getattr(pair, f"{side.value}_accepted_at"))]
    if not said:
        return
    asked_at, first = min(said)
    side = Side.CAPABILITY if first == Side.NEED else Side.NEED
    due_at = add_working_days(asked_at, REPLY_DAYS)
    answered_at, answer = _answer(pair, due_at)
    yield Ask(
        proposal_id=pair.pk,
        side=side,
        organisation_id=pair.posting.company.pk if side == Side.NEED else pair.offer.supplier.pk,
        asked_at=asked_at,
        due_at=due_at,
        answered_at=answered_at,
        answer=answer,
    )


def _answer(pair: Pair, due_at: datetime) -> tuple[datetime, AskAnswer]:
    moment = pair.accepted_at or pair.declined_at
    if moment is None or moment > due_at:
        return due_at, AskAnswer.TIMED_OUT
    return moment, AskAnswer.ACCEPTED if pair.state == ProposalState.ACCEPTED else AskAnswer.DECLINED
