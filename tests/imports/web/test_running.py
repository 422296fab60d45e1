"""Files brought in the browser's way: mapped, checked, imported and taken back, piece by piece."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from openpyxl import load_workbook

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.core.errors import StateConflict
from apps.core.models import AuditEntry
from apps.core.retention import registered_rules
from apps.imports import doors, tasks, work
from apps.imports.api.serializers import ImportSerializer
from apps.imports.models import Import, ImportedObject, ImportState, RemarkKind
from apps.imports.services import import_cancel, import_map, import_run, import_undo
from apps.notifications.kinds import text_of
from apps.notifications.models import Notification
from tests.imports.web.steps import (
    HEAD,
    brought,
    checked,
    counts,
    everything,
    imported,
    mapped,
    rows_of,
    worked,
    xlsx,
)

pytestmark = pytest.mark.django_db


def test_columns_are_guessed_and_a_check_writes_nothing(professor: User) -> None:
    job = brought(professor, xlsx([HEAD, *rows_of(3)]))
    assert list(job.mapping.values()) == [
        "external_id",
        "title",
        "value",
        "industries",
        "cooperation_modes",
        "trl",
        "details.ip_status",
        "valid_until",
    ]
    before = everything()
    assert mapped(job, professor).state == ImportState.CHECKED
    assert (job.total, job.done, counts(job)) == (3, 3, (3, 0, 0, 0))
    assert everything() == before


def test_rows_are_imported_as_the_command_does_and_again_change_nothing(
    professor: User, university: Organisation
) -> None:
    job = imported(professor, rows_of(3))
    assert (job.state, counts(job)) == (ImportState.DONE, (3, 0, 0, 0))
    found = Capability.objects.get(external_id="R-1")
    assert (found.organisation, found.state, found.trl) == (university, CapabilityState.PUBLISHED, 6)
    assert found.details == {"ip_status": "granted"}
    assert str(found.valid_until) == "2027-12-31"
    assert found.cooperation_modes.count() == 2
    again = imported(professor, rows_of(3))
    assert (again.state, counts(again)) == (ImportState.DONE, (0, 0, 3, 0))
    assert not again.objects_done.exists()


def test_bad_rows_stay_out_and_come_back_as_a_file_to_correct(professor: User, client: Any) -> None:
    rows = rows_of(4)
    rows[1][1] = "长" * 61
    rows[2][0] = "R-0"
    rows[3][5] = "很高"
    job = checked(professor, rows)
    assert (job.total, counts(job)) == (4, (1, 0, 0, 3))
    told = list(job.remarks.filter(kind=RemarkKind.PROBLEM).values_list("line", "field"))
    assert told == [(3, "名称"), (4, ""), (5, "成熟度（TRL）")]
    client.force_login(professor)
    file = client.get(f"/imports/{job.public_id}/errors/")
    sheet = load_workbook(BytesIO(file.content)).active
    assert sheet is not None
    lines = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert lines[0] == [*HEAD, "原行号", "错误"]
    assert [line[0] for line in lines[1:]] == ["R-1", "R-0", "R-3"]
    mended = [line[:8] for line in lines[1:]]
    mended[0][1], mended[1][0], mended[2][5] = "不长", "R-2", "7"
    job = imported(professor, mended)
    assert counts(job) == (3, 0, 0, 0)


def test_only_the_right_rows_or_all_or_nothing(professor: User) -> None:
    rows = rows_of(3)
    rows[1][1] = ""
    job = checked(professor, rows)
    with pytest.raises(StateConflict, match="1 行有误"):
        import_run(job=job, by=professor, all_or_nothing=True)
    import_run(job=job, by=professor)
    assert counts(worked(job)) == (2, 0, 0, 1)


def test_all_or_nothing_takes_everything_back_when_a_row_turns_out_wrong(
    professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(professor, rows_of(4))
    monkeypatch.setattr(work, "BATCH_ROWS", 2)
    job = checked(professor, rows_of(4, title="新名称"))
    Capability.objects.filter(external_id="R-3").update(title="有人改过", updated_at=clock.now())
    import_run(job=job, by=professor, all_or_nothing=True)
    assert worked(job).state == ImportState.UNDONE
    assert set(Capability.objects.values_list("title", flat=True)) == {
        *(f"激光熔覆耐磨涂层{n}" for n in range(3)),
        "有人改过",
    }


def test_what_a_person_changed_after_the_check_is_not_overwritten(professor: User) -> None:
    imported(professor, rows_of(2))
    job = checked(professor, rows_of(2, title="新名称"))
    assert counts(job) == (0, 2, 0, 0)
    row = Capability.objects.get(external_id="R-0")
    Capability.objects.filter(pk=row.pk).update(value="更好", version=row.version + 1, updated_at=clock.now())
    import_run(job=job, by=professor)
    assert counts(worked(job)) == (0, 1, 0, 1)
    row.refresh_from_db()
    assert (row.title, row.value) == ("激光熔覆耐磨涂层0", "更好")
    assert "检查之后有人修改过" in job.remarks.get().message


def test_undoing_takes_down_what_is_new_and_restores_what_was_changed(professor: User) -> None:
    imported(professor, rows_of(2))
    job = imported(professor, rows_of(3, title="新名称"))
    assert counts(job) == (1, 2, 0, 0)
    import_undo(job=job, by=professor)
    assert worked(job).state == ImportState.UNDONE
    assert job.left_count == 0
    assert sorted(Capability.objects.values_list("external_id", "title", "state")) == [
        ("", "新名称", "archived"),
        ("R-0", "激光熔覆耐磨涂层0", "published"),
        ("R-1", "激光熔覆耐磨涂层1", "published"),
    ]
    assert counts(imported(professor, rows_of(3))) == (1, 0, 2, 0)


def test_undoing_leaves_and_lists_what_somebody_touched_since(professor: User) -> None:
    job = imported(professor, rows_of(3))
    Capability.objects.filter(external_id="R-1").update(title="改好了", version=2)
    import_undo(job=job, by=professor)
    assert (worked(job).state, job.left_count) == (ImportState.UNDONE, 1)
    assert job.remarks.get(kind=RemarkKind.LEFT).line == 3
    assert Capability.objects.get(external_id="R-1").state == CapabilityState.PUBLISHED
    assert Capability.objects.filter(state=CapabilityState.ARCHIVED).count() == 2


def test_a_running_import_must_be_cancelled_before_it_is_undone(
    professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH_ROWS", 2)
    monkeypatch.setattr(work, "PIECE_SECONDS", 0)
    job = checked(professor, rows_of(6))
    import_run(job=job, by=professor)
    tasks.carry_out(job.public_id)
    job.refresh_from_db()
    assert (job.state, job.created_count) == (ImportState.RUNNING, 2)
    with pytest.raises(StateConflict):
        import_undo(job=job, by=professor)
    import_cancel(job=job, by=professor)
    tasks.carry_out(job.public_id)
    assert Capability.objects.count() == 2
    import_undo(job=job, by=professor)
    assert worked(job).state == ImportState.UNDONE
    assert not Capability.objects.filter(state=CapabilityState.PUBLISHED).exists()


def test_a_batch_that_was_cancelled_meanwhile_is_dropped(professor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = checked(professor, rows_of(3))
    import_run(job=job, by=professor)
    real = doors.rows_import

    def interrupted(**options: Any) -> Any:
        report = real(**options)
        Import.objects.filter(pk=job.pk).update(state=ImportState.CANCELLED, finished_at=clock.now())
        return report

    monkeypatch.setattr(work, "rows_import", interrupted)
    # The cancellation itself is part of the dropped transaction here: a second connection would see it stay.
    tasks.carry_out(job.public_id)
    assert not Capability.objects.exists()
    assert not ImportedObject.objects.exists()


def test_a_worker_that_dies_in_the_middle_loses_and_repeats_nothing(
    professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH_ROWS", 2)
    job = checked(professor, rows_of(7))
    import_run(job=job, by=professor)
    real, batches = doors.rows_import, []

    def dying(**options: Any) -> Any:
        batches.append(len(options["rows"]))
        report = real(**options)
        if len(batches) == 2:
            raise KeyboardInterrupt
        return report

    monkeypatch.setattr(work, "rows_import", dying)
    with pytest.raises(KeyboardInterrupt):
        tasks.carry_out(job.public_id)
    assert Capability.objects.count() == 2
    assert not work.due().exists()
    Import.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert (worked(job).state, counts(job)) == (ImportState.DONE, (7, 0, 0, 0))
    assert Capability.objects.count() == job.objects_done.count() == 7


def test_a_piece_that_never_ends_fails_with_its_reason(professor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = brought(professor, xlsx([HEAD, *rows_of(1)]))
    import_map(job=job, by=professor, sheet=job.sheet, heading_line=1, mapping=job.mapping)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(work, "rows_check", broken)
    for _attempt in range(work.MOST_ATTEMPTS + 1):
        Import.objects.update(lease_until=None)
        tasks.carry_out(job.public_id)
    job.refresh_from_db()
    assert (job.state, job.error) == (ImportState.FAILED, "RuntimeError('the disk is on fire')")
    told = ImportSerializer(job).data["error"]
    assert (told == job.failure, "disk" in told) == (True, False)


def test_two_imports_of_one_file_do_not_double_it(professor: User) -> None:
    one, other = checked(professor, rows_of(3)), checked(professor, rows_of(3))
    for job in (one, other):
        import_run(job=job, by=professor)
    worked(one)
    assert counts(worked(other)) == (0, 0, 3, 0)
    assert Capability.objects.count() == 3


def test_old_files_are_deleted_and_results_stay(professor: User, folder: Path) -> None:
    job = imported(professor, rows_of(1))
    idle = brought(professor, xlsx([HEAD, *rows_of(1)]))
    assert len(list((folder / "imports").iterdir())) == 3
    [rule] = [rule for rule in registered_rules() if rule.key == "import_files"]
    assert rule.forget(rule.before(), 100) == 0
    Import.objects.update(updated_at=clock.now() - timedelta(days=31))
    with transaction.atomic():
        assert [rule.forget(rule.before(), 1) for _turn in range(3)] == [1, 1, 0]
    job.refresh_from_db()
    idle.refresh_from_db()
    assert (job.state, idle.state) == (ImportState.DONE, ImportState.CANCELLED)
    assert not job.file
    assert job.objects_done.count() == 1


def test_who_brought_a_file_is_told_when_it_is_in_and_when_it_is_out_again(professor: User) -> None:
    rows = rows_of(3)
    rows[1][1] = ""
    job = imported(professor, rows)
    import_undo(job=job, by=professor)
    worked(job)
    done, undone = Notification.objects.order_by("id")
    assert (done.kind, undone.kind) == ("imports.done", "imports.undone")
    assert {done.recipient, undone.recipient} == {professor}
    assert text_of(done.kind, done.parameters, topic=done.topic) == (
        "“a.xlsx”已导入",
        "新增 2 条，更新 0 条，未变 0 条，有误 1 行。",
    )
    assert done.deliveries.filter(channel="email").exists()


def test_who_brought_a_file_that_cannot_be_read_to_its_end_is_told_why(professor: User) -> None:
    job = checked(professor, [])
    assert job.state == ImportState.FAILED
    told = Notification.objects.get()
    assert text_of(told.kind, told.parameters, topic=told.topic) == (
        "“a.xlsx”没有检查完",
        "表头下面没有数据行。没有写入任何内容。",
    )


def test_of_a_check_only_who_waited_long_is_told(professor: User) -> None:
    job = brought(professor, xlsx([HEAD, *rows_of(1)]))
    import_map(job=job, by=professor, sheet=job.sheet, heading_line=1, mapping=job.mapping)
    Import.objects.update(checked_at=clock.now() - timedelta(minutes=2))
    worked(job)
    assert Notification.objects.get().kind == "imports.checked"
    checked(professor, rows_of(1))
    assert Notification.objects.count() == 1


def test_every_step_leaves_its_mark(professor: User) -> None:
    job = imported(professor, rows_of(1))
    import_undo(job=job, by=professor)
    worked(job)
    actions = AuditEntry.objects.filter(object_public_id=job.public_id).order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "import.uploaded",
        "import.check_started",
        "import.started",
        "import.done",
        "import.undo_started",
        "import.undone",
    ]


def test_a_failure_is_told_by_what_failed(professor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = imported(professor, rows_of(1))
    import_undo(job=job, by=professor)

    def broken(**_: Any) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(work, "changes_undo", broken)
    for _attempt in range(work.MOST_ATTEMPTS + 1):
        Import.objects.update(lease_until=None)
        tasks.carry_out(job.public_id)
    told = Notification.objects.order_by("id").last()
    assert told is not None
    title, line = text_of(told.kind, told.parameters, topic=told.topic)
    assert ("没有撤销完" in title, "可以再次撤销" in line) == (True, True)
    assert told.parameters["reason"] == Import.objects.get().failure


def test_the_sentence_of_a_refused_file_outlives_an_earlier_hiccup(
    professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = brought(professor, xlsx([HEAD]))
    import_map(job=job, by=professor, sheet=job.sheet, heading_line=1, mapping=job.mapping)
    Import.objects.update(error="OSError('the disk is slow')")
    assert (worked(job).state, job.error) == (ImportState.FAILED, "表头下面没有数据行。")
