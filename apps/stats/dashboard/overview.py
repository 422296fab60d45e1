"""The first page: the way from registration to outcome, months, money, answers and targets."""

from dataclasses import dataclass
from datetime import datetime

from apps.engagements.services import NOT_ACHIEVED
from apps.stats.dashboard.months import Axis, by_month
from apps.stats.dashboard.numbers import Number, Part, Totals
from apps.stats.dashboard.response import Response, response
from apps.stats.dashboard.targets import Progress, progress
from apps.stats.figures import FUNNEL, MONEY
from apps.stats.questions import Question
from apps.stats.refreshing import figures_current_at

BESIDE = ("capabilities", "declines", "not_achieved")
MONTHLY = ("needs", "engagements", "outcomes", "contract_yuan", "received_yuan")


@dataclass(frozen=True, slots=True)
class Overview:
    current_at: datetime | None
    funnel: list[Number]
    beside: list[Number]
    money: list[Number]
    months: Axis
    outcome_types: list[Part]
    contract_types: list[Part]
    response: Response
    targets: list[Progress]


def overview(question: Question) -> Overview:
    totals = Totals(question, (*FUNNEL, *BESIDE, *MONEY))
    return Overview(
        current_at=figures_current_at(),
        funnel=[totals.number(key) for key in FUNNEL],
        beside=[totals.number(key) for key in BESIDE],
        money=[totals.number(key) for key in MONEY],
        months=by_month(question, MONTHLY),
        outcome_types=totals.parts("outcomes", without=(NOT_ACHIEVED,)),
        contract_types=totals.parts("contract_yuan"),
        response=response(question),
        targets=progress(question),
    )


def funnel(question: Question) -> dict[str, int]:
    """The steps by key, for programs."""
    totals = Totals(question, FUNNEL)
    return {key: totals.number(key).value for key in FUNNEL}


def outcomes_by_type(question: Question) -> dict[str, int]:
    """By the code of the type."""
    totals = Totals(question, ("outcomes",))
    parts = totals.parts("outcomes", without=(NOT_ACHIEVED,))
    codes = {str(term): term.code for term in question.terms.of("outcome_type")}
    return {codes[part.label]: part.number for part in parts}
