"""Capabilities from a file. Each row comes in whole or not at all; many are written by few statements."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import acts_for, first_owner_of
from apps.capabilities import signals
from apps.capabilities.content import COLUMNS, CONTENT, INDICATORS, IndicatorValues
from apps.capabilities.gates import kept_back_among
from apps.capabilities.imported_rows import ImportedRow, read_row
from apps.capabilities.kinds import detail_fields
from apps.capabilities.models import Capability, CapabilityKind, CapabilityState, Source
from apps.capabilities.permissions import can_import
from apps.capabilities.services import publication
from apps.capabilities.validators import content_errors, publication_gaps
from apps.core import audit
from apps.core.import_cells import read_key
from apps.core.import_reports import ImportReport, Outcome, RowChange
from apps.taxonomy.term_index import TermIndex

RELATIONS = frozenset({"district"})


def capabilities_check(
    *, rows: Iterable[Mapping[str, Any]], organisation: Organisation, by: User | None, publish: bool, terms: TermIndex
) -> ImportReport:
    """What `capabilities_import` would say of the rows now; nothing is written."""
    if by is not None:
        can_import(by, organisation).require()
    report = ImportReport()
    importer = _Importer(list(rows), organisation=organisation, by=by, publish=publish, terms=terms)
    importer.plan(report)
    return report


@transaction.atomic
def capabilities_import(
    *,
    rows: Iterable[Mapping[str, Any]],
    organisation: Organisation,
    by: User | None,
    publish: bool = False,
    terms: TermIndex | None = None,
    checked_at: datetime | None = None,
    is_agreed: bool = False,
) -> ImportReport:
    """Create or update one capability per row, known again by `external_id`; a row without news changes nothing.

    What somebody changed after `checked_at`, when a person last looked at what would happen, is left as it is.
    `by` None is the operator at the console. With `publish`, drafts among them are submitted, and published if the
    organisation is verified and nothing keeps them back (an expert's own word); with `is_agreed` the caller answers for
    that. Sends `capabilities_imported` once, with those whose content or place is new.
    """
    if by is not None:
        can_import(by, organisation).require()
    # Of two imports for one organisation, one waits: both would create the same number otherwise.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    report = ImportReport()
    importer = _Importer(list(rows), organisation=organisation, by=by, publish=publish, terms=terms or TermIndex())
    importer.checked_at, importer.is_agreed = checked_at, is_agreed
    plans = importer.plan(report)
    importer.carry_out(plans)
    report.changes = [plan.change() for plan in plans if plan.outcome != "unchanged"]
    to_match = [
        plan.capability
        for plan in plans
        if plan.outcome != "unchanged" and plan.capability.state == CapabilityState.PUBLISHED
    ]
    if to_match:
        signals.capabilities_imported.send(Capability, capabilities=to_match)
    return report


@dataclass(slots=True)
class _Plan:
    """What one right row comes to. `names` are the fields that are new in a stored capability."""

    row: int
    capability: Capability
    read: ImportedRow
    outcome: Outcome
    names: tuple[str, ...] = ()
    publishes: bool = False
    before: dict[str, Any] | None = None

    def change(self) -> RowChange:
        stored = self.capability
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
        keys = {read_key(row) for row in rows} - {""}
        known = Capability.objects.filter(organisation=organisation, external_id__in=keys)
        known = known.select_related("organisation", "contact__membership", "district")
        self.known = {row.external_id: row for row in known.prefetch_related(*CONTENT.term_lists, INDICATORS)}
        self.known_kinds = {external_id: row.kind for external_id, row in self.known.items()}
        self.fields_of = cache(detail_fields)
        self.seen: set[str] = set()
        self.checked_at: datetime | None = None
        self.is_agreed = False
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
        waiting = [plan.capability for plan in plans if plan.publishes]
        publication.submit_all(waiting, self.by)
        signals.capabilities_submitted.send(Capability, capabilities=waiting, by=self.by)
        if self.organisation.is_verified:
            kept = {} if self.is_agreed else kept_back_among(waiting)
            publication.publish_all([row for row in waiting if row.pk not in kept], self.by)

    def _planned(self, number: int, row: Mapping[str, Any]) -> _Plan:
        read = read_row(row, self.terms, self.known_kinds, self.fields_of)
        if read.external_id in self.seen:
            raise ValidationError({"external_id": _("文件里前面已有同一编号的行。")})
        self.seen.add(read.external_id)
        stored = self.known.get(read.external_id)
        return self._plan_new(number, read) if stored is None else self._plan_change(number, stored, read)

    def _plan_new(self, number: int, read: ImportedRow) -> _Plan:
        columns = {name: value for name, value in read.values.items() if name in COLUMNS}
        capability = Capability(
            organisation=self.organisation,
            created_by=self.by,
            contact=self.contact,
            source=Source.IMPORT,
            external_id=read.external_id,
            **{"kind": CapabilityKind.RESULT, **columns},
        )
        publishes = self._is_to_be_published(capability)
        _require_good(capability, read, read.indicators or [], open_to_all=publishes)
        return _Plan(number, capability, read, "created", publishes=publishes)

    def _plan_change(self, number: int, stored: Capability, read: ImportedRow) -> _Plan:
        if read.adds_details and read.values.get("kind", stored.kind) == stored.kind:
            read.values["details"] = {**stored.details, **read.values["details"]}
        names = CONTENT.changed_names(stored, read.values, read.indicators)
        future = _as_it_would_be(stored, read)
        publishes = self._is_to_be_published(future)
        if not names and not publishes:
            return _Plan(number, stored, read, "unchanged")
        _require_same_person(stored, future)
        if self.checked_at and stored.updated_at > self.checked_at:
            raise ValidationError({"external_id": _("检查之后有人修改过这一条，没有覆盖。请核对后重新导入。")})
        _require_good(future, read, read.indicators, open_to_all=publishes or stored.state == CapabilityState.PUBLISHED)
        before = CONTENT.snapshot(stored, names) | {"state": stored.state}
        return _Plan(number, stored, read, "updated", names, publishes, before)

    def _is_to_be_published(self, capability: Capability) -> bool:
        return self.publish and capability.state == CapabilityState.DRAFT

    def _create(self, plans: Sequence[_Plan]) -> None:
        rows = [plan.capability for plan in plans]
        CONTENT.create_all(rows, [(plan.read.values, plan.read.indicators) for plan in plans])
        audit.record_all(rows, "capability.imported", by=self.by)

    def _update(self, plan: _Plan) -> None:
        if not plan.names:
            return
        capability, read = plan.capability, plan.read
        CONTENT.write(capability, read.values, read.indicators, names=plan.names)
        changes = {"fields": plan.names, "version": capability.version}
        audit.record(capability, "capability.imported", by=self.by, changes=changes)


def _require_same_person(stored: Capability, future: Capability) -> None:
    """Who agreed did so for themselves: what is public does not become the listing of an expert who did not."""
    if future.kind != CapabilityKind.EXPERT or stored.state != CapabilityState.PUBLISHED:
        return
    names = {details["person_name"] for details in (stored.details, future.details) if details.get("person_name")}
    if stored.kind != future.kind or len(names) > 1:
        raise ValidationError({"external_id": _("这个编号已用于公开展示的另一条资源，请为这位专家换一个编号。")})


def _as_it_would_be(stored: Capability, read: ImportedRow) -> Capability:
    """A copy with the row's columns, to be judged before a database sees it: one of the two refuses long texts."""
    changed = copy(stored)
    for name, value in read.values.items():
        if name in COLUMNS:
            setattr(changed, name, value)
    return changed


def _require_good(
    capability: Capability,
    read: ImportedRow,
    indicators: Sequence[IndicatorValues] | None,
    *,
    open_to_all: bool,
) -> None:
    """ValidationError by field for what it may not say; where it is `open_to_all`, for what may not be published."""
    known = RELATIONS & read.values.keys()
    if open_to_all:
        errors = publication_gaps(capability, indicators=indicators, known=known)
    else:
        errors = content_errors(capability, known=known)
    if not capability.title:
        errors["title"] = [str(_("缺少名称（title）。"))]
    if errors:
        raise ValidationError(errors)
