"""Needs from a file: rows that a command has read. Each row is imported whole or not at all."""

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import acts_for, first_owner_of
from apps.core import audit, clock
from apps.core.import_cells import read_key
from apps.core.import_reports import ImportReport
from apps.core.lifecycle import move
from apps.core.validators import clean_text
from apps.needs import signals
from apps.needs.content import COLUMNS, INDICATORS, changed_names, write, write_lists
from apps.needs.imported_rows import ImportedRow, read_row
from apps.needs.lifecycle import NEED_LIFECYCLE
from apps.needs.models import ENDED_STATES, OPEN_STATES, Need, NeedState, Source
from apps.needs.permissions import can_import
from apps.needs.validators import content_errors, require_publishable
from apps.taxonomy.term_index import TermIndex


@transaction.atomic
def needs_import(
    *,
    rows: Iterable[Mapping[str, Any]],
    organisation: Organisation,
    by: User | None,
    publish: bool = False,
    terms: TermIndex | None = None,
) -> ImportReport:
    """Create or update one need per row, known again by `external_id`; a row that says nothing new changes nothing.

    `by` None is the operator at the console. With `publish`, drafts among them are submitted, and published if the
    organisation is verified. Sends `needs_imported` once, with those whose content or place on the board is new.
    """
    if by is not None:
        can_import(by, organisation.pk).require()
    report = ImportReport()
    to_match: list[Need] = []
    rows = list(rows)
    importer = _Importer(rows, organisation=organisation, by=by, publish=publish, terms=terms or TermIndex())
    for number, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                need, outcome = importer.take(number, row, report)
        except ValidationError as error:
            report.refuse(number, error)
            continue
        setattr(report, outcome, getattr(report, outcome) + 1)
        if outcome != "unchanged" and need.state in OPEN_STATES:
            to_match.append(need)
        elif outcome == "updated" and need.state in ENDED_STATES:
            signals.ended_need_changed.send(Need, need=need, by=by)
    if to_match:
        signals.needs_imported.send(Need, needs=to_match)
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
        keys = {clean_text(read_key(row)) for row in rows} - {""}
        known = Need.objects.filter(organisation=organisation, external_id__in=keys)
        self.known = {need.external_id: need for need in known.select_related("organisation", "contact__membership")}
        self.seen: set[str] = set()
        self.contact = by if by and acts_for(by, organisation.pk) else first_owner_of(organisation)

    def take(self, number: int, row: Mapping[str, Any], report: ImportReport) -> tuple[Need, str]:
        """Import one row; the need, and which count of the report it belongs to."""
        read = read_row(row, self.terms)
        if read.external_id in self.seen:
            raise ValidationError({"external_id": _("文件里前面已有同一编号的行。")})
        self.seen.add(read.external_id)
        need = self.known.get(read.external_id)
        outcome = "updated" if need else "created"
        if need is None:
            need = self._create(read)
        elif not self._update(need, read) and not self._waits_for_publication(need):
            outcome = "unchanged"
        if self._waits_for_publication(need):
            self._submit(need)
        report.note(number, read.notes)
        return need, outcome

    def _waits_for_publication(self, need: Need) -> bool:
        return self.publish and need.state == NeedState.DRAFT

    def _create(self, read: ImportedRow) -> Need:
        columns = {name: value for name, value in read.values.items() if name in COLUMNS}
        need = Need(
            organisation=self.organisation,
            created_by=self.by,
            contact=self.contact,
            source=Source.IMPORT,
            external_id=read.external_id,
            **columns,
        )
        _require_good_content(need)
        need.save()
        write_lists(need, read.values, read.indicators, names={*read.values, INDICATORS})
        audit.record(need, "need.imported", by=self.by)
        return need

    def _update(self, need: Need, read: ImportedRow) -> bool:
        """Whether anything was new."""
        names = changed_names(need, read.values, read.indicators)
        if not names:
            return False
        _require_good_content(_as_it_would_be(need, read))
        write(need, read.values, read.indicators, names=names)
        if need.state in OPEN_STATES:
            require_publishable(need)
        audit.record(need, "need.imported", by=self.by, changes={"fields": names, "version": need.version})
        return True

    def _submit(self, need: Need) -> None:
        require_publishable(need)
        now = clock.now()
        self._move(need, NeedState.SUBMITTED, "need.submitted", submitted_at=now)
        if self.organisation.is_verified:
            self._move(need, NeedState.PUBLISHED, "need.published", published_at=now)

    def _move(self, need: Need, target: NeedState, action: str, **fields: Any) -> None:
        move(need, target, lifecycle=NEED_LIFECYCLE, action=action, by=self.by, **fields)


def _as_it_would_be(need: Need, read: ImportedRow) -> Need:
    """A copy with the row's columns, to be judged before a database sees it: one of the two refuses long texts."""
    changed = copy(need)
    for name, value in read.values.items():
        if name in COLUMNS:
            setattr(changed, name, value)
    return changed


def _require_good_content(need: Need) -> None:
    errors = content_errors(need)
    if not need.title:
        errors["title"] = [str(_("缺少需求名称（title）。"))]
    if errors:
        raise ValidationError(errors)
