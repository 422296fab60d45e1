"""Many more recommendations, of other years than 2022: weight for load tests, nothing else.

Their texts are short, and a need gets whatever offers come next: these rows are to be counted, not read.
"""

from collections.abc import Iterator
from datetime import date, datetime
from math import gcd
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from apps.capabilities.models import Capability
from apps.matching.models import Proposal, ProposalState, Side
from apps.needs.models import Need
from apps.stats.seed_city.days import later, year_of
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.pairs import shares
from apps.stats.seed_city.reasons import ENGINE_VERSION
from apps.stats.seed_city.terms import Terms
from apps.stats.seed_city.writing import BATCH, Writer, take_time
from apps.taxonomy.models import Vocabulary

OTHER_YEARS = (2021, 2023, 2024, 2025)
IN_ONE_TRANSACTION = 25 * BATCH
STATES = {ProposalState.VIEWED: 70, ProposalState.DECLINED: 18, ProposalState.TIMED_OUT: 12}
PART = ("words", "bigrams", "semantics", "tags", "indicators")


class _Posted(NamedTuple):
    pk: int
    published_at: datetime
    contact: int | None


def add_proposals(number: int, *, seed: int, quiet: bool = False) -> int:
    """So many of them in all, those of an earlier call among them; how many were added now.

    ValueError where the city has too few pairs.
    """
    there = Proposal.objects.filter(engine_version=MARK).count()
    missing = max(0, number - there)
    rows = _Rows(Lots.of(seed, f"more proposals than {there}"))
    writer = Writer(quiet=quiet, expected=missing)
    writer.step("压测推荐")
    stream = rows.of(missing)
    try:
        for start in range(0, missing, IN_ONE_TRANSACTION):
            count = min(IN_ONE_TRANSACTION, missing - start)
            with transaction.atomic():
                take_time()
                part = (next(stream) for _row in range(count))
                for _row in writer.add(Proposal, part, created="proposed_at", shown=True):
                    pass
    finally:
        writer.close()
    if missing:
        with transaction.atomic():
            take_time()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # the pages are planned for as many proposals as there are now
    return missing


MARK = f"{ENGINE_VERSION}-more"
"""By which these rows are known."""


class _Rows:
    def __init__(self, lots: Lots) -> None:
        self.lots, self.terms = lots, Terms()
        needs = Need.objects.filter(published_at__isnull=False).order_by("pk")
        found = needs.values_list("pk", "published_at", "contact_id")
        self.needs = [_Posted(pk, at, contact) for pk, at, contact in found if at is not None]
        self.capabilities = list(Capability.objects.order_by("pk").values_list("pk", flat=True))
        self.years = {year: year_of(year) for year in OTHER_YEARS}
        self.reason = self.terms.pk(Vocabulary.DECLINE_REASON, "field_mismatch")

    def of(self, number: int) -> Iterator[Proposal]:
        counts = shares(number, [1.0] * len(self.needs))
        for need, count in zip(self.needs, counts, strict=True):
            taken = set(Proposal.objects.filter(need_id=need.pk).values_list("capability_id", flat=True))
            if count + len(taken) > len(self.capabilities):
                raise ValueError("The city has too few offers for so many recommendations.")
            fresh = (capability for capability in self._walk() if capability not in taken)
            for rank in range(1, count + 1):
                yield self._row(need, next(fresh), rank)

    def _walk(self) -> Iterator[int]:
        """Every capability once, from anywhere, in strides."""
        size = len(self.capabilities)
        place = self.lots.randrange(size)
        stride = next(step for step in iter(lambda: self.lots.randint(1, size), None) if gcd(step, size) == 1)
        for _capability in range(size):
            yield self.capabilities[place]
            place = (place + stride) % size

    def _row(self, need: _Posted, capability: int, rank: int) -> Proposal:
        lots, state = self.lots, self.lots.one_of(STATES)
        proposed_at, latest = self._moment(need)
        viewed_at = later(proposed_at, lots.uniform(0.1, 9), latest=latest)
        answered_at = later(viewed_at, lots.uniform(0.1, 5), latest=latest)
        score = round(lots.triangular(20, 88, 42), 6)
        declined = state == ProposalState.DECLINED
        return Proposal(
            public_id=lots.public_id(),
            need_id=need.pk,
            capability_id=capability,
            state=state,
            score=score,
            parts=[
                {"name": name, "value": round(score / 100, 6), "weight": 0.2, "contribution": score / 5}
                for name in PART
            ],
            reasons=[{"kind": "shared_terms", "text": "双方都涉及：工艺", "terms": ["工艺"]}],
            engine_version=MARK,
            need_version=1,
            capability_version=1,
            proposed_at=proposed_at,
            need_viewed_rank=rank,
            need_viewed_at=viewed_at,
            need_accepted_at=answered_at if state == ProposalState.TIMED_OUT else None,
            need_accepted_by_id=need.contact if state == ProposalState.TIMED_OUT else None,
            declined_at=answered_at if declined else None,
            declined_by_id=need.contact if declined else None,
            declined_side=Side.NEED if declined else "",
            decline_reason_id=self.reason if declined else None,
        )

    def _moment(self, need: _Posted) -> tuple[datetime, datetime]:
        """When it was made, after the need's publication, and the end of that year."""
        published = timezone.localdate(need.published_at)
        open_years = [year for year in OTHER_YEARS if date(year, 12, 31) > published]
        year = self.years[self.lots.choice(open_years)]
        moment = year.moment(self.lots, first=max(published, year.days[0]))
        return max(moment, need.published_at), year.end
