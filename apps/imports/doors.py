"""The services that rows go to, by kind: what columns they know, and how to ask them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.models import Organisation, User
from apps.accounts.services.imports import organisations_check, organisations_import, organisations_import_undo
from apps.capabilities.import_fields import FIELDS as CAPABILITY_FIELDS
from apps.capabilities.imported_rows import DETAIL_PREFIX
from apps.capabilities.kinds import DETAILS, KINDS_WITH_TRL
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.permissions import can_import as can_import_capabilities
from apps.capabilities.services.import_undo import capabilities_import_undo
from apps.capabilities.services.imports import capabilities_check, capabilities_import
from apps.core.decisions import ALLOWED, Decision, refused
from apps.core.import_cells import labels_of
from apps.core.import_reports import ImportReport, PlannedRow, RowChange, RowProblem
from apps.core.tables import Fields
from apps.imports.models import Import, ImportKind
from apps.imports.organisation_rows import FIELDS as ORGANISATION_FIELDS
from apps.imports.organisation_rows import read_row
from apps.needs.import_fields import FIELDS as NEED_FIELDS
from apps.needs.models import Need, NeedState
from apps.needs.permissions import can_import as can_import_needs
from apps.needs.services.import_undo import needs_import_undo
from apps.needs.services.imports import needs_check, needs_import
from apps.taxonomy.term_index import TermIndex

ORGANISATION = "organisation"
KEY = "external_id"
DAYS = ("valid_until",)
_ORGANISATION_SPELLINGS = ("单位", "所属单位", "所属机构", "机构名称", "单位名称", "企业名称", "高校")
# A cell cannot hold a list of objects; and a file is of one kind.
_NOT_IN_CELLS = ("details", "kind")


@cache
def fields_of(kind: str, *, names_organisation: bool) -> Fields:
    """What a column of a file may mean; where it `names_organisation`, one says whose each row is."""
    if kind == ImportKind.ORGANISATIONS:
        return ORGANISATION_FIELDS
    known = NEED_FIELDS if kind == ImportKind.NEEDS else CAPABILITY_FIELDS
    spellings = {name: others for name, others in known.spellings.items() if name not in _NOT_IN_CELLS}
    if kind != ImportKind.NEEDS:
        if kind not in KINDS_WITH_TRL:
            spellings.pop("trl")
        for detail in DETAILS[kind]:
            spellings[f"{DETAIL_PREFIX}{detail.key}"] = labels_of(detail.label)
    if names_organisation:
        spellings = {ORGANISATION: _ORGANISATION_SPELLINGS, **spellings}
    return Fields(spellings, required=(*known.required, *([ORGANISATION] if names_organisation else [])))


def fields_for(job: Import) -> Fields:
    return fields_of(job.kind, names_organisation=job.organisation_id is None)


def field_label(fields: Fields, name: str) -> str:
    """A field as people call it."""
    others = fields.spellings.get(name, ())
    return others[0] if others else name


def key_of(kind: str, values: Mapping[str, Any]) -> str:
    """By what a row is known again: two rows with one key in a file are a mistake. Empty where it has none."""
    if kind == ImportKind.ORGANISATIONS:
        return str(values.get("credit_code") or values.get("name") or "").upper()
    return "\n".join((str(values.get(ORGANISATION, "")), found)) if (found := str(values.get(KEY, ""))) else ""


def rows_check(*, job: Import, rows: Sequence[Mapping[str, Any]], terms: TermIndex) -> ImportReport:
    """What importing the rows would come to; nothing is written."""
    return _asked(job, rows, terms, writes=False)


def rows_import(*, job: Import, rows: Sequence[Mapping[str, Any]], terms: TermIndex) -> ImportReport:
    """Import the rows. Call inside the transaction that moves the job's cursor."""
    return _asked(job, rows, terms, writes=True)


def changes_undo(*, job: Import, changes: Sequence[RowChange], by: User | None) -> dict[int, str]:
    """Take back; the result tells by primary key what was left, and why."""
    if job.kind == ImportKind.ORGANISATIONS:
        return organisations_import_undo(changes=changes, by=by)
    undo = needs_import_undo if job.kind == ImportKind.NEEDS else capabilities_import_undo
    return undo(changes=changes, by=by)


def waiting_count(job: Import) -> int:
    """How many of the objects it brought wait for an expert's word or a reviewer before others see them."""
    if job.kind == ImportKind.ORGANISATIONS:
        return 0
    brought = job.objects_done.values("object_id")
    if job.kind == ImportKind.NEEDS:
        return Need.objects.filter(pk__in=brought, state=NeedState.SUBMITTED).count()
    return Capability.objects.filter(pk__in=brought, state=CapabilityState.SUBMITTED).count()


def _asked(job: Import, rows: Sequence[Mapping[str, Any]], terms: TermIndex, *, writes: bool) -> ImportReport:
    total = ImportReport()
    if job.kind == ImportKind.ORGANISATIONS:
        _take_organisations(job, rows, terms, total, writes=writes)
        return total
    for organisation, numbers in _by_organisation(job, rows, total):
        part = _ask_owner(job, organisation, [rows[number - 1] for number in numbers], terms, writes=writes)
        _add(total, part, numbers)
    return total


def _ask_owner(
    job: Import, organisation: Organisation, rows: Sequence[Mapping[str, Any]], terms: TermIndex, *, writes: bool
) -> ImportReport:
    shared: dict[str, Any] = {
        "organisation": organisation,
        "by": job.on_behalf_of,
        "publish": job.publish,
        "terms": terms,
    }
    if job.kind == ImportKind.NEEDS:
        if writes:
            return needs_import(rows=rows, checked_at=job.checked_at, **shared)
        return needs_check(rows=rows, **shared)
    rows = [{**row, "kind": job.kind} for row in rows]
    if writes:
        return capabilities_import(rows=rows, checked_at=job.checked_at, **shared)
    return capabilities_check(rows=rows, **shared)


def _by_organisation(
    job: Import, rows: Sequence[Mapping[str, Any]], report: ImportReport
) -> list[tuple[Organisation, list[int]]]:
    """Whose rows are which; those that cannot be given to anybody are told in the report."""
    if job.organisation is not None:
        return [(job.organisation, list(range(1, len(rows) + 1)))]
    names = {str(row.get(ORGANISATION, "")).strip() for row in rows} - {""}
    found = Organisation.objects.filter(Q(name__in=names) | Q(credit_code__in=names)).select_related("district")
    known = {name: row for row in found for name in (row.name, row.credit_code) if name}
    decisions: dict[str, Decision] = {name: _decided(job, known.get(name), name) for name in names}
    groups: dict[int, list[int]] = defaultdict(list)
    for number, row in enumerate(rows, start=1):
        name = str(row.get(ORGANISATION, "")).strip()
        decision = decisions.get(name) or refused(decisions[name].reason if name else _("请填写单位。"))
        if decision:
            groups[known[name].pk].append(number)
        else:
            report.problems.append(RowProblem(number, ORGANISATION, str(decision.reason)))
    by_key = {row.pk: row for row in known.values()}
    return [(by_key[pk], numbers) for pk, numbers in groups.items()]


def _decided(job: Import, organisation: Organisation | None, name: str) -> Decision:
    if organisation is None:
        return refused(_("没有名称或统一社会信用代码为“%(name)s”的机构，请先登记。") % {"name": name[:60]})
    if not organisation.is_verified:
        return refused(_("“%(name)s”尚未通过核验，不能导入。") % {"name": name[:60]})
    can_import = can_import_needs if job.kind == ImportKind.NEEDS else can_import_capabilities
    if not can_import(job.on_behalf_of, organisation):
        return refused(_("“%(name)s”不在您负责的区市，不能导入。") % {"name": name[:60]})
    return ALLOWED


def _take_organisations(
    job: Import, rows: Sequence[Mapping[str, Any]], terms: TermIndex, total: ImportReport, *, writes: bool
) -> None:
    values, numbers = [], []
    for number, row in enumerate(rows, start=1):
        try:
            read, notes = read_row(row, terms)
        except ValidationError as error:
            total.refuse(number, error)
            continue
        total.note(number, notes)
        values.append(read)
        numbers.append(number)
    if writes:
        part = organisations_import(rows=values, by=job.on_behalf_of, checked_at=job.checked_at)
    else:
        part = organisations_check(rows=values, by=job.on_behalf_of)
    _add(total, part, numbers)


def _add(total: ImportReport, part: ImportReport, numbers: Sequence[int]) -> None:
    """Put the report on some of the rows into that on all: their numbers are places in `numbers`."""
    total.created += part.created
    total.updated += part.updated
    total.unchanged += part.unchanged
    total.problems += [RowProblem(numbers[item.row - 1], item.field, item.message) for item in part.problems]
    total.notes += [RowProblem(numbers[item.row - 1], item.field, item.message) for item in part.notes]
    total.planned += [PlannedRow(numbers[item.row - 1], item.outcome, item.values) for item in part.planned]
    total.changes += [
        RowChange(numbers[item.row - 1], item.outcome, item.pk, item.version, item.state, item.before)
        for item in part.changes
    ]
