"""What the page of a case tells of its course: entries of the audit trail, as the services write them."""

from collections.abc import Iterator

from apps.core.models import AuditEntry
from apps.engagements.models import Engagement
from apps.stats.seed_city.case_plans import Case
from apps.stats.seed_city.days import moment_of
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.writing import entry


def history_of(case: Case, row: Engagement, lots: Lots) -> Iterator[AuditEntry]:
    need_side = case.pair.posting.company.person
    yield entry(row, "engagement.opened", {"awaits_agreement": False}, at=case.opened_at, by=need_side)
    if case.signed_on:
        yield entry(row, "engagement.contracted", {}, at=moment_of(case.signed_on, lots), by=need_side)
    if case.delivered_on:
        changes = {"from": "in_progress", "to": "delivered"}
        yield entry(row, "engagement.advanced", changes, at=row.state_since, by=need_side)
    if case.ended_at:
        changes = {"to": "ended", "end_reason": str(case.end_reason)}
        yield entry(row, "engagement.ended", changes, at=case.ended_at, by=row.ended_by_id)
