"""Capabilities from a file (`core.row_imports`)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import acts_for, first_owner_of
from apps.capabilities import signals
from apps.capabilities.content import COLUMNS, CONTENT, IndicatorValues
from apps.capabilities.gates import kept_back_among
from apps.capabilities.imported_rows import ImportedRow, read_row
from apps.capabilities.kinds import detail_fields
from apps.capabilities.models import Capability, CapabilityKind, CapabilityState, Source
from apps.capabilities.permissions import can_import
from apps.capabilities.services import publication
from apps.capabilities.services.drafts import CATALOGUE_STATES
from apps.capabilities.validators import Gaps, content_errors, publication_gaps
from apps.core.import_reports import ImportReport
from apps.core.row_imports import RowImporter, hold
from apps.taxonomy.term_index import TermIndex


def capabilities_check(
    *, rows: Iterable[Mapping[str, Any]], organisation: Organisation, by: User | None, publish: bool, terms: TermIndex
) -> ImportReport:
    """What `capabilities_import` would say of the rows now; nothing is written."""
    if by is not None:
        can_import(by, organisation).require()
    report = ImportReport()
    _Importer(list(rows), organisation, by=by, publish=publish, terms=terms).plan(report)
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
    rows, report = list(rows), ImportReport()
    hold(Capability.objects.filter(organisation=organisation), organisation, rows)
    importer = _Importer(rows, organisation, by=by, publish=publish, terms=terms or TermIndex(), checked_at=checked_at)
    plans = importer.plan(report)
    importer.publish_all(importer.write(plans), by=by, is_agreed=is_agreed)
    report.changes = [plan.change() for plan in plans if plan.outcome != "unchanged"]
    to_match = [
        plan.row for plan in plans if plan.outcome != "unchanged" and plan.row.state == CapabilityState.PUBLISHED
    ]
    if to_match:
        signals.capabilities_imported.send(Capability, capabilities=to_match)
    return report


class _Importer(RowImporter[Capability, ImportedRow]):
    content = CONTENT
    relations = frozenset({"district"})
    action = "capability.imported"
    title_missing = _("缺少名称（title）。")

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
        owned = Capability.objects.filter(organisation=organisation)
        super().__init__(rows, owned, by=by, publish=publish, checked_at=checked_at)
        self.organisation, self.terms = organisation, terms
        self.known_kinds = {external_id: row.kind for external_id, row in self.known.items()}
        self.fields_of = cache(detail_fields)
        contact = by if by and acts_for(by, organisation.pk) else first_owner_of(organisation)
        self.origin = {"organisation": organisation, "created_by": by, "contact": contact, "source": Source.IMPORT}

    def read(self, row: Mapping[str, Any]) -> ImportedRow:
        read = read_row(row, self.terms, self.known_kinds, self.fields_of)
        stored = self.known.get(read.external_id)
        if stored is not None and read.adds_details and read.values.get("kind", stored.kind) == stored.kind:
            read.values["details"] = {**stored.details, **read.values["details"]}
        return read

    def new(self, read: ImportedRow) -> Capability:
        columns = {name: value for name, value in read.values.items() if name in COLUMNS}
        return Capability(external_id=read.external_id, **self.origin, **{"kind": CapabilityKind.RESULT, **columns})

    def errors(
        self,
        row: Capability,
        indicators: Sequence[IndicatorValues] | None,
        known: Collection[str],
        *,
        open_to_all: bool,
    ) -> Gaps:
        if open_to_all:
            return publication_gaps(row, indicators=indicators, known=known)
        return content_errors(row, known=known)

    def is_open(self, row: Capability) -> bool:
        return row.state == CapabilityState.PUBLISHED

    def refusal(self, stored: Capability, future: Capability) -> object:
        """Who agreed did so for themselves: no other person takes their place, nor that of anything public."""
        if future.kind != CapabilityKind.EXPERT or stored.submitted_at is None:
            return ""
        names = {details["person_name"] for details in (stored.details, future.details) if details.get("person_name")}
        if len(names) > 1:
            return _("这个编号已用于另一位专家，请换一个编号；如果是姓名有误，请在页面上修改。")
        is_other = stored.kind != future.kind and stored.state in CATALOGUE_STATES
        return _("这个编号已用于公开展示的另一条资源，请为这位专家换一个编号。") if is_other else ""

    def publish_all(self, waiting: Sequence[Capability], *, by: User | None, is_agreed: bool) -> None:
        publication.submit_all(waiting, by)
        signals.capabilities_submitted.send(Capability, capabilities=waiting, by=by)
        if self.organisation.is_verified:
            kept = {} if is_agreed else kept_back_among(waiting)
            publication.publish_all([row for row in waiting if row.pk not in kept], by)
