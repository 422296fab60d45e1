"""Imports at the same moment: real threads, real transactions, on either database."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core.errors import StateConflict
from apps.imports import tasks, work
from apps.imports.models import Import, ImportedObject, ImportKind, ImportState
from apps.imports.services import import_cancel, import_map, import_run, import_undo, import_upload
from apps.taxonomy.models import Term
from tests.imports.bad_files import workbook
from tests.matching.conftest import load_few_terms
from tests.matching.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 60


@pytest.fixture(autouse=True)
def folder(transactional_db: None, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    if not Term.objects.exists():
        load_few_terms()
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(work, "send_hint", lambda public_id: None)
    monkeypatch.setattr(work, "BATCH_ROWS", 5)


def row_of(number: int) -> list[object]:
    return [f"R-{number}", f"涂层{number}"]


def running(by: User) -> Import:
    rows: list[list[object]] = [["编号", "名称"], *(row_of(n) for n in range(ROWS))]
    upload = SimpleUploadedFile("a.xlsx", workbook(rows))
    job = import_upload(kind=ImportKind.RESULT, upload=upload, by=by)
    import_map(job=job, by=by, sheet=job.sheet, heading_line=job.heading_line, mapping=job.mapping)
    tasks.carry_out(job.public_id)
    job.refresh_from_db()
    import_run(job=job, by=by)
    return job


def finished(job: Import) -> Import:
    for _message in range(20):
        Import.objects.filter(pk=job.pk).update(lease_until=None)
        tasks.carry_out(job.public_id)
        job.refresh_from_db()
        if not job.is_working:
            break
    return job


def test_two_imports_of_one_file_make_each_row_once(professor: User) -> None:
    one, other = running(professor), running(professor)
    at_once(lambda: tasks.carry_out(one.public_id), lambda: tasks.carry_out(other.public_id))
    for job in (one, other):
        assert finished(job).state == ImportState.DONE
        assert job.created_count + job.unchanged_count == ROWS
    assert one.created_count + other.created_count == ROWS
    assert Capability.objects.count() == ImportedObject.objects.count() == ROWS


def test_one_import_in_two_workers_counts_each_row_once(professor: User) -> None:
    job = running(professor)
    at_once(lambda: tasks.carry_out(job.public_id), lambda: tasks.carry_out(job.public_id))
    assert finished(job).created_count == ROWS
    assert Capability.objects.count() == ImportedObject.objects.count() == ROWS


def test_a_worker_whose_lease_ran_out_writes_nothing_more(professor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = running(professor)
    monkeypatch.setattr(work, "PIECE_SECONDS", 0)
    slow = work.claim(job.public_id)
    assert slow is not None
    Import.objects.filter(pk=job.pk).update(lease_until=None)
    tasks.carry_out(job.public_id)
    assert Capability.objects.count() == 5
    assert work.carry_out(slow) is False
    assert Capability.objects.count() == 5
    assert finished(job).created_count == ROWS


def test_cancelling_beside_the_worker_leaves_what_is_counted_and_no_more(professor: User) -> None:
    job = running(professor)
    at_once(lambda: tasks.carry_out(job.public_id), lambda: import_cancel(job=job, by=professor))
    job.refresh_from_db()
    assert job.state in (ImportState.CANCELLED, ImportState.DONE)
    assert Capability.objects.count() == job.created_count == job.objects_done.count()


def test_undoing_twice_at_once_is_done_once(professor: User) -> None:
    job = running(professor)
    tasks.carry_out(job.public_id)
    copies = [Import.objects.get(pk=finished(job).pk) for _person in range(2)]
    results = at_once(*(lambda copy=copy: import_undo(job=copy, by=professor) for copy in copies))
    assert sum(isinstance(result, StateConflict) for result in results) == 1
    assert finished(job).state == ImportState.UNDONE
    assert Capability.objects.filter(state="archived").count() == ROWS
