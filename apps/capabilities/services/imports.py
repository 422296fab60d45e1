"""Capabilities from a file: rows that a command has read. Each row is imported whole or not at all."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import acts_for, first_owner_of
from apps.capabilities import signals
from apps.capabilities.content import COLUMNS, CONTENT, INDICATORS
from apps.capabilities.imported_rows import ImportedRow, read_row
from apps.capabilities.models import Capability, CapabilityKind, CapabilityState, Source
from apps.capabilities.permissions import can_import
from apps.capabilities.services import publication
from apps.capabilities.validators import content_errors, require_publishable
from apps.core import audit
from apps.core.import_cells import read_key
from apps.core.import_reports import ImportReport
from apps.taxonomy.term_index import TermIndex


@transaction.atomic
def capabilities_import(
    *,
    rows: Iterable[Mapping[str, Any]],
    organisation: Organisation,
    by: User | None,
    publish: bool = False,
    terms: TermIndex | None = None,
) -> ImportReport:
    """Create or update one capability per row, known again by `external_id`; a row without news changes nothing.

    `by` None is the operator at the console. With `publish`, drafts among them are submitted, and published if the
    organisation is verified. Sends `capabilities_imported` once, with those whose content or place is new.
    """
    if by is not None:
        can_import(by, organisation.pk).require()
    report = ImportReport()
    to_match: list[Capability] = []
    rows = list(rows)
    importer = _Importer(rows, organisation=organisation, by=by, publish=publish, terms=terms or TermIndex())
    for number, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                capability, outcome = importer.take(number, row, report)
        except ValidationError as error:
            report.refuse(number, error)
            continue
        setattr(report, outcome, getattr(report, outcome) + 1)
        if outcome != "unchanged" and capability.state == CapabilityState.PUBLISHED:
            to_match.append(capability)
    if to_match:
        signals.capabilities_imported.send(Capability, capabilities=to_match)
    return report


class _Importer:
    """One import: what all of its rows share."""

    def __init__(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        organisation: Organisation,
        by: User | None,
        publish: bool,
        terms: TermIndex,
    ) -> None:
        self.organisation, self.by, self.publish, self.terms = organisation, by, publish, terms
        keys = {read_key(row) for row in rows} - {""}
        known = Capability.objects.filter(organisation=organisation, external_id__in=keys)
        known = known.select_related("organisation", "contact__membership", "district")
        self.known = {row.external_id: row for row in known.prefetch_related(*CONTENT.term_lists, INDICATORS)}
        self.known_kinds = {external_id: row.kind for external_id, row in self.known.items()}
        self.seen: set[str] = set()
        self.contact = by if by and acts_for(by, organisation.pk) else first_owner_of(organisation)

    def take(self, number: int, row: Mapping[str, Any], report: ImportReport) -> tuple[Capability, str]:
        """Import one row; the capability, and which count of the report it belongs to."""
        read = read_row(row, self.terms, self.known_kinds)
        if read.external_id in self.seen:
            raise ValidationError({"external_id": _("文件里前面已有同一编号的行。")})
        self.seen.add(read.external_id)
        capability = self.known.get(read.external_id)
        outcome = "updated" if capability else "created"
        if capability is None:
            capability = self._create(read)
        elif not self._update(capability, read) and not self._waits_for_publication(capability):
            outcome = "unchanged"
        if self._waits_for_publication(capability):
            self._publish(capability)
        report.note(number, read.notes)
        return capability, outcome

    def _waits_for_publication(self, capability: Capability) -> bool:
        return self.publish and capability.state == CapabilityState.DRAFT

    def _create(self, read: ImportedRow) -> Capability:
        columns = {name: value for name, value in read.values.items() if name in COLUMNS}
        capability = Capability(
            organisation=self.organisation,
            created_by=self.by,
            contact=self.contact,
            source=Source.IMPORT,
            external_id=read.external_id,
            **{"kind": CapabilityKind.RESULT, **columns},
        )
        _require_good_content(capability)
        capability.save()
        CONTENT.write_lists(capability, read.values, read.indicators, names={*read.values, INDICATORS})
        audit.record(capability, "capability.imported", by=self.by)
        return capability

    def _update(self, capability: Capability, read: ImportedRow) -> bool:
        """Whether anything was new."""
        names = CONTENT.changed_names(capability, read.values, read.indicators)
        if not names:
            return False
        CONTENT.write(capability, read.values, read.indicators, names=names)
        _require_good_content(capability)
        if capability.state == CapabilityState.PUBLISHED:
            require_publishable(capability)
        changes = {"fields": names, "version": capability.version}
        audit.record(capability, "capability.imported", by=self.by, changes=changes)
        return True

    def _publish(self, capability: Capability) -> None:
        require_publishable(capability)
        publication.submit(capability, self.by)
        if self.organisation.is_verified:
            publication.publish(capability, self.by)


def _require_good_content(capability: Capability) -> None:
    errors = content_errors(capability)
    if not capability.title:
        errors["title"] = [str(_("缺少名称（title）。"))]
    if errors:
        raise ValidationError(errors)
