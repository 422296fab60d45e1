"""Engagements as rows, with their outcomes; their contracts are written beside."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from apps.core.models import AuditEntry
from apps.engagements.models import EndReason, Engagement, EngagementState, Outcome, OutcomeState
from apps.engagements.services import NOT_ACHIEVED
from apps.matching.models import Side
from apps.stats.seed_city.case_histories import history_of
from apps.stats.seed_city.case_plans import Case, Success
from apps.stats.seed_city.contracts import Contracts
from apps.stats.seed_city.days import moment_of
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.terms import Terms
from apps.stats.seed_city.writing import Writer
from apps.taxonomy.models import Vocabulary

BROKERED = 0.56
FAILURES = {EndReason.INDICATOR_MISSED: 5, EndReason.COST: 3, EndReason.TIME: 2, EndReason.NEED_CHANGED: 2}
RESULTS = (
    "{process}改用{method}以后，{object}的{problem}明显减少，连续三个月的数据稳定。",
    "按方案改造{process}，{object}一次做成，返工少了一半，{equipment}没有更换。",
    "首批{object}已交客户试用，{problem}没有再出现，工艺文件由我公司工艺员掌握。",
)
FAILED = "{process}按方案试了三轮，{problem}没有改善到约定的程度，双方同意到此为止。"


class Cases:
    """Writes cases; `brokers` are those who work in a district, by its key, `administrator` confirms credits."""

    def __init__(
        self, *, seed: int, brokers: Mapping[int, Sequence[int]], administrator: int, terms: Terms, writer: Writer
    ) -> None:
        self.lots = Lots.of(seed, "cases")
        self.brokers, self.administrator, self.terms, self.writer = brokers, administrator, terms, writer
        self.contracts = Contracts(seed=seed, administrator=administrator, terms=terms, writer=writer)

    def write(self, cases: Sequence[Case]) -> None:
        rows = (self._engagement(case) for case in cases)
        written = list(self.writer.add(Engagement, rows, created="opened_at", shown=True))
        pairs = list(zip(cases, written, strict=True))
        signed = [(case, row) for case, row in pairs if case.signed_on]
        self.contracts.write(signed)
        outcomes = ((case, row, success) for case, row in pairs for success in case.outcomes)
        told = (self._outcome(*each) for each in outcomes)
        self.writer.add_all(Outcome, told, created="reported_at")
        self.writer.add_all(AuditEntry, (each for case, row in pairs for each in history_of(case, row, self.lots)))

    def _engagement(self, case: Case) -> Engagement:
        pair, lots = case.pair, self.lots
        side = lots.choice((pair.posting.company.person, pair.offer.person))
        broker = lots.choice(self.brokers[pair.posting.company.district]) if lots.chance(BROKERED) else None
        since = case.ended_at or (moment_of(case.delivered_on, lots) if case.delivered_on else case.opened_at)
        row = Engagement(
            public_id=lots.public_id(),
            proposal_id=pair.pk,
            state=case.state,
            opened_at=case.opened_at,
            state_since=since,
            owner_id=side,
            broker_id=broker,
            ended_at=case.ended_at,
            ended_by_id=side if case.ended_at else None,
            end_reason=case.end_reason or "",
        )
        if case.state in (EngagementState.INTRODUCED, EngagementState.NEGOTIATING, EngagementState.SOLUTION):
            row.next_action = lots.choice(("约定一次现场走访", "寄样件做初步试验", "给出技术方案和报价"))
            row.due_on = (case.opened_at + timedelta(days=21)).date()
        return row

    def _outcome(self, case: Case, row: Engagement, success: Success) -> Outcome:
        posting, offer, lots = case.pair.posting, case.pair.offer, self.lots
        assert case.delivered_on is not None  # noqa: S101  (for the type checker: only delivered cases have any)
        by_need = lots.chance(0.7)
        sides = (posting.company.person, offer.person)
        reporter, other = sides if by_need else sides[::-1]
        failed = success.code == NOT_ACHIEVED
        text = FAILED if failed else lots.choice(RESULTS)
        return Outcome(
            public_id=lots.public_id(),
            engagement_id=row.pk,
            outcome_type_id=self.terms.pk(Vocabulary.OUTCOME_TYPE, success.code),
            state=OutcomeState.CONFIRMED,
            description=text.format_map(posting.words.slots()),
            occurred_on=case.delivered_on,
            failure_reason=lots.one_of(FAILURES) if failed else "",
            reported_by_id=reporter,
            reported_side=Side.NEED if by_need else Side.CAPABILITY,
            reported_at=success.reported_at,
            decided_by_id=other if lots.chance(0.92) else self.administrator,
            confirmed_at=success.confirmed_at,
            **({} if failed else self._worth(case)),
        )

    def _worth(self, case: Case) -> dict[str, Any]:
        """Before and after of what the need asked for, and money."""
        lots, figure = self.lots, case.pair.posting.figures[0]
        after = figure.measure.at(figure.share + lots.uniform(-0.05, 0.15))
        thousands = {"cost_saved_yuan": (20, 900), "invested_yuan": (30, 1_500), "new_sales_yuan": (100, 6_000)}
        money = {name: Decimal(1_000 * lots.randint(*span)) for name, span in thousands.items() if lots.chance(0.6)}
        return money | {
            "indicator_name": figure.measure.name,
            "indicator_unit": figure.measure.unit,
            "before_value": f"{figure.measure.at(lots.uniform(-0.1, 0.1)):g}",
            "after_value": f"{after:g}",
        }
