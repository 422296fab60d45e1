"""The third page: how well the lists fit, why people say no, and where demand and supply miss each other."""

from dataclasses import dataclass
from datetime import datetime

from apps.stats.dashboard.numbers import Number, Part, Totals
from apps.stats.models import Stock
from apps.stats.questions import Question
from apps.stats.refreshing import figures_current_at
from apps.stats.slices import ALL
from apps.taxonomy.models import Term, Vocabulary

OF_LISTS = ("lists", "first_accepted", "five_accepted")
MOST_TAGS = 12


@dataclass(frozen=True, slots=True)
class Gap:
    """Open needs and open capabilities under one term; `per_need` is how many there are for each need."""

    term: Term
    needs: int
    capabilities: int
    needs_share: float
    capabilities_share: float

    @property
    def per_need(self) -> float | None:
        return round(self.capabilities / self.needs, 1) if self.needs else None


@dataclass(frozen=True, slots=True)
class Fit:
    """The shares are in percent of the lists that were looked at; None where none was."""

    current_at: datetime | None
    proposals: Number
    acceptances: Number
    lists: Number
    first_accepted: Number
    five_accepted: Number
    first_share: float | None
    five_share: float | None
    declines: Number
    decline_reasons: list[Part]
    chains: list[Gap]
    tags: list[Gap]


def fit(question: Question) -> Fit:
    totals = Totals(question, ("proposals", "acceptances", "declines", *OF_LISTS))
    lists, first, five = (totals.number(key) for key in OF_LISTS)
    chains, tags = gaps(question)
    return Fit(
        current_at=figures_current_at(),
        proposals=totals.number("proposals"),
        acceptances=totals.number("acceptances"),
        lists=lists,
        first_accepted=first,
        five_accepted=five,
        first_share=_share(first.value, lists.value),
        five_share=_share(five.value, lists.value),
        declines=totals.number("declines"),
        decline_reasons=totals.parts("declines"),
        chains=chains,
        tags=tags,
    )


def gaps(question: Question) -> tuple[list[Gap], list[Gap]]:
    """Now, whatever the period: by chain all of them, by tag those with the fewest capabilities for a need.

    The needs are those of the districts asked for; capabilities serve the whole city.
    """
    districts = question.districts or (ALL,)
    needs: dict[int, int] = {}
    capabilities: dict[int, int] = {}
    for stock in Stock.objects.filter(district_id__in={ALL, *districts}):
        if stock.district_id in districts:
            needs[stock.term_id] = needs.get(stock.term_id, 0) + stock.needs
        if stock.district_id == ALL:
            capabilities[stock.term_id] = stock.capabilities
    known = {term.pk for term in question.terms.of(Vocabulary.INDUSTRY_CHAIN)}
    lacking = sorted(
        (pk for pk, number in needs.items() if number and pk not in known),
        key=lambda pk: (capabilities.get(pk, 0) / needs[pk], -needs[pk], pk),
    )
    tags = Term.objects.in_bulk(lacking[:MOST_TAGS])
    return (
        _in_proportion(question.chains, needs, capabilities),
        _in_proportion([tags[pk] for pk in lacking[:MOST_TAGS] if pk in tags], needs, capabilities),
    )


def _in_proportion(terms: list[Term], needs: dict[int, int], capabilities: dict[int, int]) -> list[Gap]:
    """Each side in percent of its own longest: there are always far more capabilities than needs."""
    most_needs = max((needs.get(term.pk, 0) for term in terms), default=0) or 1
    most_capabilities = max((capabilities.get(term.pk, 0) for term in terms), default=0) or 1
    return [
        Gap(
            term,
            needs.get(term.pk, 0),
            capabilities.get(term.pk, 0),
            round(100 * needs.get(term.pk, 0) / most_needs, 1),
            round(100 * capabilities.get(term.pk, 0) / most_capabilities, 1),
        )
        for term in terms
    ]


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
