"""Organisations from a directory that the city keeps: verified by the reviewer who brings it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet, RestrictedError
from django.utils.translation import gettext as _

from apps.accounts.models import Membership, Organisation, OrganisationKind, OrganisationState, User
from apps.accounts.permissions import owns
from apps.accounts.regions import covers
from apps.accounts.selectors import is_administrator, is_reviewer
from apps.core import audit, clock
from apps.core.decisions import ALLOWED, Decision, refused
from apps.core.import_reports import ImportReport, Outcome, RowChange

COLUMNS = ("kind", "name", "credit_code", "short_name", "district", "description")
BATCH_ROWS = 500


def can_import_organisations(user: Any) -> Decision:
    """Bring a directory of organisations: reviewers, in their region."""
    return ALLOWED if is_reviewer(user) else refused(_("只有平台审核员可以导入机构名录。"))


@dataclass(slots=True)
class _Plan:
    row: int
    organisation: Organisation
    values: Mapping[str, Any]
    outcome: Outcome
    before: dict[str, Any]

    def change(self) -> RowChange:
        stored = self.organisation
        return RowChange(self.row, self.outcome, stored.pk, version_of(stored), stored.state, self.before)


def version_of(organisation: Organisation) -> int:
    """Its last change, in microseconds: organisations count no versions."""
    return int(organisation.updated_at.timestamp() * 1_000_000)


def organisations_check(*, rows: Sequence[Mapping[str, Any]], by: User | None) -> ImportReport:
    """What `organisations_import` would say of the rows now; nothing is written."""
    report = ImportReport()
    _plans(rows, by, report, None, Organisation.objects.all())
    return report


@transaction.atomic
def organisations_import(
    *, rows: Sequence[Mapping[str, Any]], by: User | None, checked_at: datetime | None = None
) -> ImportReport:
    """Create or complete one organisation per row, known again by its credit code, else by its name.

    `rows` hold values for COLUMNS, and terms under `tiers`. What an organisation with members says of itself stays;
    only its gaps are filled. What somebody changed after `checked_at` is left.
    """
    report = ImportReport()
    held = Organisation.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    plans = _plans(rows, by, report, checked_at, held)
    new = [plan for plan in plans if plan.outcome == "created"]
    Organisation.objects.bulk_create([plan.organisation for plan in new], batch_size=BATCH_ROWS)
    through = Organisation.tiers.through
    through._default_manager.bulk_create(
        [
            through(organisation_id=plan.organisation.pk, term_id=term.pk)
            for plan in new
            for term in plan.values.get("tiers", ())
        ]
    )
    audit.record_all([plan.organisation for plan in new], "organisation.imported", by=by)
    for plan in plans:
        if plan.outcome == "updated":
            _write(plan, by)
    report.changes = [plan.change() for plan in plans if plan.outcome != "unchanged"]
    return report


def _write(plan: _Plan, by: User | None) -> None:
    row = plan.organisation
    row.revision += 1
    row.save(update_fields=[*(name for name in COLUMNS if name in plan.before), "revision", "updated_at"])
    if "tiers" in plan.before:
        row.tiers.set(plan.values["tiers"])
    audit.record(row, "organisation.imported", by=by, changes={"fields": list(plan.before)})


def _plans(
    rows: Sequence[Mapping[str, Any]],
    by: User | None,
    report: ImportReport,
    checked_at: datetime | None,
    organisations: QuerySet[Organisation],
) -> list[_Plan]:
    if by is not None:
        can_import_organisations(by).require()
    names = [row.get("name", "") for row in rows]
    codes = [code for row in rows if (code := row.get("credit_code"))]
    members = Membership.objects.filter(organisation=OuterRef("pk"))
    known = organisations.filter(Q(name__in=names) | Q(credit_code__in=codes)).annotate(peopled=Exists(members))
    stored = list(known.select_related("district").prefetch_related("tiers"))
    by_code: dict[str, Organisation] = {row.credit_code: row for row in stored if row.credit_code}
    by_name: dict[str, Organisation] = {row.name: row for row in stored}
    plans = []
    seen: set[int] = set()
    for number, values in enumerate(rows, start=1):
        try:
            old = _stored(values, by, by_code, by_name, seen)
            plan = _new(number, values, by) if old is None else _completed(number, old, values)
            by_name[plan.organisation.name] = plan.organisation
            if plan.organisation.credit_code:
                by_code[plan.organisation.credit_code] = plan.organisation
            _refuse_touched(plan, checked_at)
        except ValidationError as error:
            report.refuse(number, error)
            continue
        report.take(number, plan.outcome, values)
        plans.append(plan)
    return plans


def _refuse_touched(plan: _Plan, checked_at: datetime | None) -> None:
    if checked_at and plan.outcome == "updated" and plan.organisation.updated_at > checked_at:
        raise ValidationError({"name": [_("检查之后有人修改过这一条，没有覆盖。请核对后重新导入。")]})


def _stored(
    values: Mapping[str, Any],
    by: User | None,
    by_code: dict[str, Organisation],
    by_name: dict[str, Organisation],
    seen: set[int],
) -> Organisation | None:
    """Which organisation the row is about; None for a new one. `seen` are those that rows before it are about."""
    name, code = values.get("name", ""), values.get("credit_code") or None
    if not name:
        raise ValidationError({"name": [_("请填写机构名称。")]})
    district = values.get("district")
    if not _lies_in_region(by, district.pk if district else None):
        raise ValidationError({"district": [_("不在您负责的区市，不能导入。")]})
    found = by_code.get(code) if code else None
    same_name = by_name.get(name)
    if same_name is not None and found is not same_name and (found or (code and same_name.credit_code)):
        raise ValidationError({"name": [_("同名机构已登记了另一个统一社会信用代码，请核对。")]})
    stored = found or same_name
    if stored is None:
        return None
    if stored.pk is None or stored.pk in seen:
        raise ValidationError({"name": [_("文件里前面已有同一机构。")]})
    # Where it lies now counts, not where the row would put it.
    if not _lies_in_region(by, stored.district_id):
        raise ValidationError({"name": [_("该机构不在您负责的区市，不能修改。")]})
    seen.add(stored.pk)
    return stored


def _lies_in_region(by: User | None, district: int | None) -> bool:
    return by is None or is_administrator(by) or covers(by, district)


def _new(number: int, values: Mapping[str, Any], by: User | None) -> _Plan:
    columns = {name: values[name] for name in COLUMNS if name in values}
    columns["credit_code"] = columns.get("credit_code") or None
    row = Organisation(state=OrganisationState.VERIFIED, verified_at=clock.now(), verified_by=by, **columns)
    if not row.kind:
        row.kind = OrganisationKind.ENTERPRISE
    if not row.credit_code and row.kind != OrganisationKind.GOVERNMENT:
        raise ValidationError({"credit_code": [_("请填写统一社会信用代码。")]})
    row.clean_fields(exclude=["district", "verified_by"])
    return _Plan(number, row, values, "created", {})


def _completed(number: int, stored: Organisation, values: Mapping[str, Any]) -> _Plan:
    """What the row changes in a stored one; `before` names what, and holds what was."""
    only_gaps = getattr(stored, "peopled", True)
    before: dict[str, Any] = {}
    changed = dict.fromkeys(COLUMNS)
    for name in COLUMNS:
        old, new = getattr(stored, name), values.get(name)
        changed[name] = old
        if new not in (None, "") and new != old and not (only_gaps and old):
            before[name] = old.pk if name == "district" and old else old
            changed[name] = new
    tiers = {term.pk for term in stored.tiers.all()}
    if (new_tiers := values.get("tiers")) and {term.pk for term in new_tiers} != tiers and not (only_gaps and tiers):
        before["tiers"] = sorted(tiers)
    if not before:
        return _Plan(number, stored, values, "unchanged", {})
    for name, value in changed.items():
        setattr(stored, name, value)
    stored.clean_fields(exclude=["district", "verified_by"])
    return _Plan(number, stored, values, "updated", before)


@transaction.atomic
def organisations_import_undo(*, changes: Sequence[RowChange], by: User | None) -> dict[int, str]:
    """Remove new organisations that nobody belongs to or refers to; give changed ones back what they were.

    The result tells by primary key why one was left.
    """
    if by is not None:
        can_import_organisations(by).require()
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=[change.pk for change in changes])
    stored = {row.pk: row for row in rows.order_by("pk")}
    left: dict[int, str] = {}
    for change in changes:
        row = stored.get(change.pk)
        if row is None:
            left[change.pk] = _("已经不存在。")
        elif version_of(row) != change.version:
            left[change.pk] = _("导入之后有人修改过，保持现状。")
        elif by is not None and owns(by, row):
            left[change.pk] = _("不能改动自己所在的机构。")
        elif change.outcome == "created":
            if not _removed(row, by):
                left[change.pk] = _("已有成员、需求或资源与它相连，保留。")
        else:
            _restore(row, change, by)
    return left


def _removed(row: Organisation, by: User | None) -> bool:
    if row.memberships.exists() or hasattr(row, "cloud_centre"):
        return False
    try:
        with transaction.atomic():
            audit.record(row, "organisation.import_undone", by=by, changes={"name": row.name})
            row.delete()
    except (ProtectedError, RestrictedError):
        return False
    return True


def _restore(row: Organisation, change: RowChange, by: User | None) -> None:
    for name, value in change.before.items():
        if name == "tiers":
            row.tiers.set(value)
        else:
            setattr(row, "district_id" if name == "district" else name, value)
    row.revision += 1
    row.save(update_fields=[*(name for name in COLUMNS if name in change.before), "revision", "updated_at"])
    audit.record(row, "organisation.import_undone", by=by, changes={"fields": list(change.before)})
