"""Needs from a file. Each row comes in whole or not at all; many are written by few statements."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import acts_for, first_owner_of
from apps.core import audit, clock
from apps.core.import_cells import read_key
from apps.core.import_reports import ImportReport, Outcome, RowChange
from apps.core.lifecycle import move_all
from apps.core.validators import clean_text
from apps.needs import signals
from apps.needs.content import COLUMNS, CONTENT, INDICATORS, IndicatorValues
from apps.needs.imported_rows import ImportedRow, read_row
from apps.needs.lifecycle import NEED_LIFECYCLE
from apps.needs.models import ENDED_STATES, OPEN_STATES, Need, NeedState, Source
from apps.needs.permissions import can_import
from apps.needs.validators import content_errors, publication_gaps
from apps.taxonomy.term_index import TermIndex

RELATIONS = frozenset({"need_type", "industry_chain", "ip_terms"})


def needs_check(
    *, rows: Iterable[Mapping[str, Any]], organisation: Organisation, by: User | None, publish: bool, terms: TermIndex
) -> ImportReport:
    """What `needs_import` would say of the rows now; nothing is written."""
    if by is not None:
        can_import(by, organisation).require()
    report = ImportReport()
    importer = _Importer(list(rows), organisation=organisation, by=by, publish=publish, terms=terms)
    importer.plan(report)
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
    # Of two imports for one organisation, one waits: both would create the same number otherwise.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    report = ImportReport()
    importer = _Importer(list(rows), organisation=organisation, by=by, publish=publish, terms=terms or TermIndex())
    importer.checked_at = checked_at
    plans = importer.plan(report)
    importer.carry_out(plans)
    report.changes = [plan.change() for plan in plans if plan.outcome != "unchanged"]
    _tell(plans, by)
    return report


def _tell(plans: "Iterable[_Plan]", by: User | None) -> None:
    changed = [plan for plan in plans if plan.outcome != "unchanged"]
    if to_match := [plan.need for plan in changed if plan.need.state in OPEN_STATES]:
        signals.needs_imported.send(Need, needs=to_match)
    for plan in changed:
        if plan.outcome == "updated" and plan.need.state in ENDED_STATES:
            signals.ended_need_changed.send(Need, need=plan.need, by=by)


@dataclass(slots=True)
class _Plan:
    """What one right row comes to. `names` are the fields that are new in a stored need."""

    row: int
    need: Need
    read: ImportedRow
    outcome: Outcome
    names: tuple[str, ...] = ()
    publishes: bool = False
    before: dict[str, Any] | None = None

    def change(self) -> RowChange:
        stored = self.need
        return RowChange(self.row, self.outcome, stored.pk, stored.version, stored.state, self.before or {})


class _Importer:
    """One import: what all of its rows share."""

    def __init__(
        self,
        rows: Sequence[Mapping[str, Any]],
        *,
        organisation: Organisation,
        by: User | None,
        publish: bool,
        terms: TermIndex,
    ) -> None:
        self.rows, self.organisation, self.by, self.publish, self.terms = rows, organisation, by, publish, terms
        keys = {clean_text(read_key(row)) for row in rows} - {""}
        known = Need.objects.filter(organisation=organisation, external_id__in=keys)
        known = known.select_related("organisation", "contact__membership", *RELATIONS)
        self.known = {row.external_id: row for row in known.prefetch_related(*CONTENT.term_lists, INDICATORS)}
        self.seen: set[str] = set()
        self.checked_at: datetime | None = None
        self.contact = by if by and acts_for(by, organisation.pk) else first_owner_of(organisation)

    def plan(self, report: ImportReport) -> list[_Plan]:
        """Judge every row; those that are right, while `report` is told of all."""
        plans = []
        for number, row in enumerate(self.rows, start=1):
            try:
                plan = self._planned(number, row)
            except ValidationError as error:
                report.refuse(number, error)
                continue
            report.take(number, plan.outcome, plan.read.values)
            report.note(number, plan.read.notes)
            plans.append(plan)
        return plans

    def carry_out(self, plans: Sequence[_Plan]) -> None:
        self._create([plan for plan in plans if plan.outcome == "created"])
        for plan in plans:
            if plan.outcome == "updated":
                self._update(plan)
        waiting = [plan.need for plan in plans if plan.publishes]
        now = clock.now()
        self._move(waiting, NeedState.SUBMITTED, "need.submitted", submitted_at=now)
        if self.organisation.is_verified:
            self._move(waiting, NeedState.PUBLISHED, "need.published", published_at=now, confirmed_at=now)

    def _planned(self, number: int, row: Mapping[str, Any]) -> _Plan:
        read = read_row(row, self.terms)
        if read.external_id in self.seen:
            raise ValidationError({"external_id": _("文件里前面已有同一编号的行。")})
        self.seen.add(read.external_id)
        stored = self.known.get(read.external_id)
        return self._plan_new(number, read) if stored is None else self._plan_change(number, stored, read)

    def _plan_new(self, number: int, read: ImportedRow) -> _Plan:
        columns = {name: value for name, value in read.values.items() if name in COLUMNS}
        need = Need(
            organisation=self.organisation,
            created_by=self.by,
            contact=self.contact,
            source=Source.IMPORT,
            external_id=read.external_id,
            **columns,
        )
        publishes = self._is_to_be_published(need)
        _require_good(need, read, read.indicators or [], open_to_all=publishes)
        return _Plan(number, need, read, "created", publishes=publishes)

    def _plan_change(self, number: int, stored: Need, read: ImportedRow) -> _Plan:
        names = CONTENT.changed_names(stored, read.values, read.indicators)
        future = _as_it_would_be(stored, read)
        publishes = self._is_to_be_published(future)
        if not names and not publishes:
            return _Plan(number, stored, read, "unchanged")
        if self.checked_at and stored.updated_at > self.checked_at:
            raise ValidationError({"external_id": _("检查之后有人修改过这一条，没有覆盖。请核对后重新导入。")})
        _require_good(future, read, read.indicators, open_to_all=publishes or stored.state in OPEN_STATES)
        before = CONTENT.snapshot(stored, names) | {"state": stored.state}
        return _Plan(number, stored, read, "updated", names, publishes, before)

    def _is_to_be_published(self, need: Need) -> bool:
        return self.publish and need.state == NeedState.DRAFT

    def _move(self, needs: Sequence[Need], target: NeedState, action: str, **fields: Any) -> None:
        move_all(needs, target, lifecycle=NEED_LIFECYCLE, action=action, by=self.by, **fields)

    def _create(self, plans: Sequence[_Plan]) -> None:
        rows = [plan.need for plan in plans]
        CONTENT.create_all(rows, [(plan.read.values, plan.read.indicators) for plan in plans])
        audit.record_all(rows, "need.imported", by=self.by)

    def _update(self, plan: _Plan) -> None:
        if not plan.names:
            return
        need, read = plan.need, plan.read
        CONTENT.write(need, read.values, read.indicators, names=plan.names)
        changes = {"fields": plan.names, "version": need.version}
        audit.record(need, "need.imported", by=self.by, changes=changes)


def _as_it_would_be(stored: Need, read: ImportedRow) -> Need:
    """A copy with the row's columns, to be judged before a database sees it: one of the two refuses long texts."""
    changed = copy(stored)
    for name, value in read.values.items():
        if name in COLUMNS:
            setattr(changed, name, value)
    return changed


def _require_good(
    need: Need,
    read: ImportedRow,
    indicators: Sequence[IndicatorValues] | None,
    *,
    open_to_all: bool,
) -> None:
    """ValidationError by field for what it may not say; where it is `open_to_all`, for what may not be published."""
    known = RELATIONS & read.values.keys()
    if open_to_all:
        errors = publication_gaps(need, indicators=indicators, known=known)
    else:
        errors = content_errors(need, known=known)
    if not need.title:
        errors["title"] = [str(_("缺少需求名称（title）。"))]
    if errors:
        raise ValidationError(errors)
