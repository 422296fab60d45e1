"""The work of an import: pieces of some seconds, each claimed by one worker, each batch of rows one transaction.

The cursor moves in the transaction that writes what the rows before it came to. So a worker may be killed, the broker
emptied, the import cancelled at any moment: the next piece begins right behind the last row that counts.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from time import monotonic
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from apps.core import audit, clock
from apps.core.import_reports import ImportReport, RowChange, RowProblem
from apps.core.tables import TableRefused
from apps.imports import notices
from apps.imports.doors import changes_undo, field_label, fields_for, rows_check, rows_import
from apps.imports.models import WORKING_STATES, Import, ImportedObject, ImportRemark, ImportState, RemarkKind
from apps.imports.staging import StagedRow, keep_staged, read_batch, repeated_message, staged_rows
from apps.taxonomy.term_index import TermIndex

logger = logging.getLogger(__name__)
BATCH_ROWS = 1_000
UNDO_BATCH_ROWS = 100
PIECE_SECONDS = 10
LEASE_SECONDS = 60
MOST_ATTEMPTS = 5
"""So many claims without a batch coming to its end: it is the file's fault."""

MOST_NOTES = 2_000


class Lost(Exception):
    """The import is no longer this worker's: cancelled, or taken over after the lease."""


def send_hint(public_id: str) -> None:
    """Tell the workers that work is due. A broker that does not answer only delays: the reconciler tells them again."""
    try:
        current_app.send_task("imports.work", args=[public_id], queue="bulk")
    except OperationalError as error:
        logger.warning("The broker does not answer (%s); the reconciler will send the import.", error)


def due() -> QuerySet[Import]:
    """To be worked on, and in no worker's hands, or in those of one whose lease ran out."""
    return Import.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=Now()), state__in=WORKING_STATES)


def claim(public_id: str) -> Import | None:
    """Take the next piece, or None where another worker has it. `stalled` counts claims since a batch was written."""
    claimed = due().filter(public_id=public_id)
    if not claimed.update(attempt=F("attempt") + 1, stalled=F("stalled") + 1, lease_until=_lease()):
        return None
    return Import.objects.select_related("organisation", "started_by__membership", "asked_by__membership").get(
        public_id=public_id
    )


def carry_out(job: Import) -> bool:
    """Do a piece of a claimed import; whether it is to go on with another."""
    if job.stalled > MOST_ATTEMPTS:
        return _fail(job, job.error or "no attempt came to an end")
    try:
        if job.state == ImportState.UNDOING:
            return _undo(job)
        if job.state == ImportState.CHECKING and not job.staged:
            _stage(job)
        return _go_on(job)
    except TableRefused as refusal:
        return _fail(job, str(refusal))
    except Lost:
        return False


def give_back(job: Import) -> bool:
    """Let another worker take the next piece; whether it was still this one's to give."""
    return bool(_held(job).update(lease_until=None))


def give_up_for_now(job: Import, error: Exception) -> None:
    """After an error: the piece is tried again soon, and after some tries no more."""
    pause = Now() + timedelta(seconds=5)
    _held(job).update(lease_until=pause, error=repr(error)[:500])


def _stage(job: Import) -> None:
    with staged_rows(job, lambda: _beat(job)) as staged:
        name = keep_staged(job, staged)
    if not _held(job).update(staged=name, total=staged.total, hidden_rows=staged.hidden_rows, lease_until=_lease()):
        job.staged.storage.delete(name)
        raise Lost
    job.staged.name, job.total = name, staged.total


def _go_on(job: Import) -> bool:
    """Batch after batch, until the time is up or the rows are."""
    terms, began = TermIndex(), monotonic()
    while True:
        rows, end = read_batch(job, job.cursor, BATCH_ROWS)
        if not rows:
            return _finish(job)
        report = _take(job, rows, end, terms)
        job.cursor, job.stalled = end, 0
        if job.all_or_nothing and job.state == ImportState.RUNNING and report.problems:
            return _turn_back(job)
        if monotonic() - began > PIECE_SECONDS:
            return give_back(job)


def _take(job: Import, rows: Sequence[StagedRow], end: int, terms: TermIndex) -> ImportReport:
    """Check or import a batch and move behind it, all or nothing."""
    good = [row for row in rows if not row.problems and not row.is_repeated]
    values = [row.values for row in good]
    with transaction.atomic():
        if job.state == ImportState.RUNNING:
            report = rows_import(job=job, rows=values, terms=terms)
        else:
            report = rows_check(job=job, rows=values, terms=terms)
        _keep_changes(job, good, report.changes)
        bad = {rows_problem.row for rows_problem in report.problems}
        _keep_remarks(job, rows, good, report)
        counts = {
            "done": F("done") + len(rows),
            "created_count": F("created_count") + report.created,
            "updated_count": F("updated_count") + report.updated,
            "unchanged_count": F("unchanged_count") + report.unchanged,
            "bad_count": F("bad_count") + len(rows) - len(good) + len(bad),
        }
        _advance(job, end, **counts)
    return report


def _keep_changes(job: Import, good: Sequence[StagedRow], changes: Sequence[RowChange]) -> None:
    ImportedObject.objects.bulk_create(
        [
            ImportedObject(
                job=job,
                line=good[change.row - 1].line,
                outcome=change.outcome,
                object_id=change.pk,
                version=change.version,
                state=change.state,
                before=change.before,
            )
            for change in changes
        ],
        batch_size=BATCH_ROWS,
    )


def _keep_remarks(job: Import, rows: Sequence[StagedRow], good: Sequence[StagedRow], report: ImportReport) -> None:
    fields = fields_for(job)

    def remark(kind: RemarkKind, line: int, name: str, message: str) -> ImportRemark:
        label = field_label(fields, name) if name in fields.spellings else ""
        return ImportRemark(job=job, kind=kind, line=line, field=label[:60], message=message[:500])

    def told(kind: RemarkKind, items: Sequence[RowProblem]) -> list[ImportRemark]:
        return [remark(kind, good[item.row - 1].line, item.field, item.message) for item in items]

    found = told(RemarkKind.PROBLEM, report.problems)
    for row in rows:
        found += [remark(RemarkKind.PROBLEM, row.line, name, message) for name, message in row.problems.items()]
        if row.is_repeated and not row.problems:
            found.append(remark(RemarkKind.PROBLEM, row.line, "", repeated_message(job)))
    if report.notes and ImportRemark.objects.filter(job=job, kind=RemarkKind.NOTE).count() < MOST_NOTES:
        found += told(RemarkKind.NOTE, report.notes)
    ImportRemark.objects.bulk_create(found, batch_size=BATCH_ROWS)


def _undo(job: Import) -> bool:
    began = monotonic()
    while True:
        objects = list(job.objects_done.filter(pk__gt=job.cursor)[:UNDO_BATCH_ROWS])
        if not objects:
            return _finish(job)
        changes: list[RowChange] = [
            RowChange(item.line, item.outcome, item.object_id, item.version, item.state, item.before)  # type: ignore[arg-type]  # a text of the database
            for item in objects
        ]
        with transaction.atomic():
            left = changes_undo(job=job, changes=changes, by=job.on_behalf_of)
            ImportRemark.objects.bulk_create(
                ImportRemark(job=job, kind=RemarkKind.LEFT, line=item.line, message=left[item.object_id])
                for item in objects
                if item.object_id in left
            )
            _advance(job, objects[-1].pk, done=F("done") + len(objects), left_count=F("left_count") + len(left))
        job.cursor = objects[-1].pk
        if monotonic() - began > PIECE_SECONDS:
            return give_back(job)


def _held(job: Import) -> QuerySet[Import]:
    """The import, as long as it is in the state this attempt claimed it in and the attempt still holds it."""
    return Import.objects.filter(pk=job.pk, state=job.state, attempt=job.attempt)


def _advance(job: Import, cursor: int, **changes: Any) -> None:
    """Move behind a batch; Lost, which rolls the batch back, where the import is no longer this worker's."""
    changes |= {"cursor": cursor, "stalled": 0, "error": "", "lease_until": _lease(), "updated_at": clock.now()}
    if not _held(job).update(**changes):
        raise Lost


def _beat(job: Import) -> None:
    if not _held(job).update(lease_until=_lease()):
        raise Lost


@transaction.atomic
def _finish(job: Import) -> bool:
    """The end of the last piece; there is none after it."""
    if job.state == ImportState.CHECKING:
        if _held(job).update(state=ImportState.CHECKED, lease_until=None):
            notices.tell_of_end(job, ImportState.CHECKED)
        return False
    ended = ImportState.DONE if job.state == ImportState.RUNNING else ImportState.UNDONE
    if _held(job).update(state=ended, finished_at=clock.now(), lease_until=None):
        audit.record(job, f"import.{ended.value}", by=None, changes={"from": job.state, "to": ended})
        notices.tell_of_end(job, ended)
    return False


@transaction.atomic
def _turn_back(job: Import) -> bool:
    """All or nothing was asked for: what has come in goes out again."""
    fields = {"cursor": 0, "done": 0, "total": job.objects_done.count(), "lease_until": None}
    if not _held(job).update(state=ImportState.UNDOING, **fields):
        return False
    audit.record(job, "import.turned_back", by=None, changes={"from": job.state, "to": ImportState.UNDOING})
    return True


@transaction.atomic
def _fail(job: Import, reason: str) -> bool:
    if _held(job).update(state=ImportState.FAILED, finished_at=clock.now(), lease_until=None, error=reason[:500]):
        logger.warning("Import %s failed: %s.", job.public_id, reason)
        audit.record(job, "import.failed", by=None, changes={"from": job.state, "to": ImportState.FAILED})
        notices.tell_of_end(job, ImportState.FAILED)
    return False


def _lease() -> object:
    return Now() + timedelta(seconds=LEASE_SECONDS)
