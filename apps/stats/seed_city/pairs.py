"""Which offers are recommended for which needs: of the same subject, listed by score, as many a year as are to be."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.matching.models import ProposalState, Side
from apps.stats.seed_city.demand import Posting
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.reasons import Explained, explained, shared_words
from apps.stats.seed_city.supply import Offer
from apps.stats.seed_city.terms import Terms

LOOKED_AT = 70
"""Offers of the subject that are compared for one need, the best of which are listed."""
FEWEST_MINUTES, MOST_MINUTES = 1, 20


@dataclass(slots=True)
class Pair:
    """A recommendation with its answers; a moment that did not come is None."""

    posting: Posting
    offer: Offer
    rank: int
    match: Explained
    proposed_at: datetime
    state: ProposalState = ProposalState.VIEWED
    need_viewed_at: datetime | None = None
    capability_viewed_at: datetime | None = None
    need_accepted_at: datetime | None = None
    capability_accepted_at: datetime | None = None
    declined_at: datetime | None = None
    declined_side: Side | None = None
    pk: int = 0

    @property
    def accepted_at(self) -> datetime | None:
        if self.need_accepted_at is None or self.capability_accepted_at is None:
            return None
        return max(self.need_accepted_at, self.capability_accepted_at)


class Shelf:
    """Offers by when they were published."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        self.offers = sorted(offers, key=lambda offer: offer.published_at)
        self._moments = [offer.published_at for offer in self.offers]

    def drawn(self, most: int, *, until: datetime, lots: Lots) -> list[Offer]:
        there = bisect_right(self._moments, until)
        return [self.offers[place] for place in lots.sample(range(there), min(most, there))]


class Pairing:
    def __init__(self, *, seed: int, offers: Sequence[Offer], terms: Terms) -> None:
        self.lots, self.terms = Lots.of(seed, "pairs"), terms
        subjects: dict[str, list[Offer]] = {}
        trades: dict[str, list[Offer]] = {}
        for offer in offers:
            subjects.setdefault(offer.words.subject.name, []).append(offer)
            trades.setdefault(offer.words.subject.trade, []).append(offer)
        self.subjects = {name: Shelf(rows) for name, rows in subjects.items()}
        self.trades = {name: Shelf(rows) for name, rows in trades.items()}
        self.all = Shelf(offers)

    def plan(self, postings: Sequence[Posting], total: int) -> list[Pair]:
        """`total` pairs, some for every need. ValueError where the city has too few offers for that."""
        counts = shares(total, [self.lots.lognormvariate(0, 0.45) for _posting in postings])
        pairs = []
        for posting, number in zip(postings, counts, strict=True):
            pairs += self._list(posting, number)
        return pairs

    def _list(self, posting: Posting, number: int) -> list[Pair]:
        proposed_at = posting.published_at + timedelta(minutes=self.lots.randint(FEWEST_MINUTES, MOST_MINUTES))
        matches = [
            (offer, explained(posting, offer, self.terms, self.lots)) for offer in self._fitting(posting, number)
        ]
        matches.sort(key=lambda match: -match[1].score)
        return [Pair(posting, offer, rank, match, proposed_at) for rank, (offer, match) in enumerate(matches, start=1)]

    def _fitting(self, posting: Posting, number: int) -> list[Offer]:
        """The nearest of those drawn; a small city borrows from its trade, and then from wherever there is any."""
        subject, until = posting.words.subject, posting.published_at
        shelves = [
            shelf for shelf in (self.subjects.get(subject.name), self.trades.get(subject.trade), self.all) if shelf
        ]
        found: dict[int, Offer] = {}
        for shelf in shelves:
            for offer in shelf.drawn(max(LOOKED_AT, number), until=until, lots=self.lots):
                found.setdefault(offer.pk, offer)
            if len(found) >= number:
                break
        if len(found) < number:
            raise ValueError("The city has too few offers for its recommendations.")
        nearest = sorted(found.values(), key=lambda offer: -len(shared_words(posting, offer)))
        return nearest[:number]


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """`total` in whole parts by weight, at least one each where there are enough; they add up exactly."""
    least = 1 if total >= len(weights) else 0
    rest, whole = total - least * len(weights), sum(weights)
    exact = [rest * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_remainder[: rest - sum(parts)]:
        parts[place] += 1
    return [part + least for part in parts]
