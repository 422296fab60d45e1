"""Needs from a file (`core.row_imports`)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import acts_for, first_owner_of
from apps.core import clock
from apps.core.import_reports import ImportReport
from apps.core.lifecycle import move_all
from apps.core.row_imports import Plan, RowImporter, hold
from apps.needs import signals
from apps.needs.content import COLUMNS, CONTENT, IndicatorValues
from apps.needs.imported_rows import ImportedRow, read_row
from apps.needs.lifecycle import NEED_LIFECYCLE
from apps.needs.models import ENDED_STATES, OPEN_STATES, Need, NeedState, Source
from apps.needs.permissions import can_import
from apps.needs.validators import Gaps, content_errors, publication_gaps
from apps.taxonomy.term_index import TermIndex


def needs_check(
    *, rows: Iterable[Mapping[str, Any]], organisation: Organisation, by: User | None, publish: bool, terms: TermIndex
) -> ImportReport:
    """What `needs_import` would say of the rows now; nothing is written."""
    if by is not None:
        can_import(by, organisation).require()
    report = ImportReport()
    _Importer(list(rows), organisation, by=by, publish=publish, terms=terms).plan(report)
    return report


@transaction.atomic
def needs_import(
    *,
    rows: Iterable[Mapping[str, Any]],
    organisation: Organisation,
    by: User | None,
    publish: bool = False,
    terms: TermIndex | None = None,
    checked_at: datetime | None = None,
) -> ImportReport:
    """Create or update one need per row, known again by `external_id`; a row without news changes nothing.

    What somebody changed after `checked_at`, when a person last looked at what would happen, is left as it is.
    `by` None is the operator at the console. With `publish`, drafts among them are submitted, and published if the
    organisation is verified. Sends `needs_imported` once, with those whose content or place on the board is new.
    """
    if by is not None:
        can_import(by, organisation).require()
    rows, report = list(rows), ImportReport()
    hold(Need.objects.filter(organisation=organisation), organisation, rows)
    importer = _Importer(rows, organisation, by=by, publish=publish, terms=terms or TermIndex(), checked_at=checked_at)
    plans = importer.plan(report)
    importer.publish_all(importer.write(plans))
    report.changes = [plan.change() for plan in plans if plan.outcome != "unchanged"]
    _tell(plans, by)
    return report


def _tell(plans: Iterable[Plan[Need, ImportedRow]], by: User | None) -> None:
    changed = [plan for plan in plans if plan.outcome != "unchanged"]
    if to_match := [plan.row for plan in changed if plan.row.state in OPEN_STATES]:
        signals.needs_imported.send(Need, needs=to_match)
    for plan in changed:
        if plan.outcome == "updated" and plan.row.state in ENDED_STATES:
            signals.ended_need_changed.send(Need, need=plan.row, by=by)


class _Importer(RowImporter[Need, ImportedRow]):
    content = CONTENT
    relations = frozenset({"need_type", "industry_chain", "ip_terms"})
    action = "need.imported"
    title_missing = _("缺少需求名称（title）。")

    def __init__(
        self,
        rows: Sequence[Mapping[str, Any]],
        organisation: Organisation,
        *,
        by: User | None,
        publish: bool,
        terms: TermIndex,
        checked_at: datetime | None = None,
    ) -> None:
        owned = Need.objects.filter(organisation=organisation)
        super().__init__(rows, owned, by=by, publish=publish, checked_at=checked_at)
        self.organisation, self.terms = organisation, terms
        contact = by if by and acts_for(by, organisation.pk) else first_owner_of(organisation)
        self.origin = {"organisation": organisation, "created_by": by, "contact": contact, "source": Source.IMPORT}

    def read(self, row: Mapping[str, Any]) -> ImportedRow:
        return read_row(row, self.terms)

    def new(self, read: ImportedRow) -> Need:
        columns = {name: value for name, value in read.values.items() if name in COLUMNS}
        return Need(external_id=read.external_id, **self.origin, **columns)

    def errors(
        self, row: Need, indicators: Sequence[IndicatorValues] | None, known: Collection[str], *, open_to_all: bool
    ) -> Gaps:
        if open_to_all:
            return publication_gaps(row, indicators=indicators, known=known)
        return content_errors(row, known=known)

    def is_open(self, row: Need) -> bool:
        return row.state in OPEN_STATES

    def publish_all(self, waiting: Sequence[Need]) -> None:
        now = clock.now()
        self._move(waiting, NeedState.SUBMITTED, "need.submitted", submitted_at=now)
        if self.organisation.is_verified:
            self._move(waiting, NeedState.PUBLISHED, "need.published", published_at=now, confirmed_at=now)

    def _move(self, needs: Sequence[Need], target: NeedState, action: str, **fields: Any) -> None:
        move_all(needs, target, lifecycle=NEED_LIFECYCLE, action=action, by=self.by, **fields)
