"""Whatever a person does with an import."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import is_reviewer, organisation_of
from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.core.lifecycle import move
from apps.core.tables import TableRefused
from apps.core.tables.sources import peek
from apps.core.validators import clean_text
from apps.imports import work
from apps.imports.columns import Mapped, best_sheet, columns_of, guess, heading_line, headings_of, sheet_of, top_of
from apps.imports.doors import field_label, fields_for
from apps.imports.lifecycle import IMPORT_LIFECYCLE
from apps.imports.models import ENDED_STATES, Import, ImportKind, ImportState, RemarkKind
from apps.imports.permissions import can_import_kind, can_work_on
from apps.imports.staging import local_copy

type Upload = UploadedFile[bytes]  # evaluated by type checkers only

MOST_BYTES = 50_000_000
NAME_LIMIT = 200
_NOTHING_DONE: dict[str, Any] = {
    "done": 0,
    "created_count": 0,
    "updated_count": 0,
    "unchanged_count": 0,
    "bad_count": 0,
    "left_count": 0,
    "cursor": 0,
    "stalled": 0,
    "lease_until": None,
    "finished_at": None,
    "error": "",
}


def import_upload(*, kind: str, upload: Upload, by: User) -> Import:
    """Keep a file, look at its top and guess what its columns mean. ValidationError under "file" for one of no use."""
    can_import_kind(by, kind).require()
    name = _kept_name(upload.name or "")
    if (upload.size or 0) > MOST_BYTES:
        most = {"most": MOST_BYTES // 1_000_000}
        raise ValidationError({"file": [_("文件不能超过 %(most)d MB，请拆分后再上传。") % most]})
    organisation = None if kind == ImportKind.ORGANISATIONS or is_reviewer(by) else organisation_of(by)
    job = Import(
        kind=kind,
        organisation=organisation,
        started_by=by,
        file_name=name,
        size_bytes=upload.size or 0,
        digest=_digest(upload),
    )
    job.file.save(name, upload, save=False)
    try:
        _read_top(job)
        _create(job, by)
    except TableRefused as refusal:
        job.file.storage.delete(str(job.file.name))
        raise ValidationError({"file": [str(refusal)]}) from refusal
    except BaseException:
        job.file.storage.delete(str(job.file.name))
        raise
    return job


def _read_top(job: Import) -> None:
    """The top of the file, and the guess."""
    with local_copy(job.file) as path:
        job.top = top_of(peek(path))
    fields = fields_for(job)
    sheet = best_sheet(job.top, fields)
    job.sheet, job.heading_line = sheet["name"], heading_line(sheet, fields)
    columns = columns_of(sheet, job.heading_line)
    job.headings = headings_of(columns)
    job.mapping = guess(job.headings, fields)
    if not columns:
        raise TableRefused(_("没有找到表头。"))


@transaction.atomic
def _create(job: Import, by: User) -> None:
    job.save()
    audit.record(job, "import.uploaded", by=by, changes={"kind": job.kind, "file": job.file_name})


@transaction.atomic
def import_map(*, job: Import, by: User, sheet: str, heading_line: int, mapping: Mapped, publish: bool = True) -> None:
    """Say what the columns mean, and have all rows checked in the background. ValidationError by field.

    May be said again until rows are imported; what was found before is forgotten.
    """
    can_work_on(by, job).require()
    if job.objects_done.exists():
        raise StateConflict(_("已有数据导入，不能再改列的对应关系。请先撤销这次导入，再重新上传。"))
    if not job.file:
        raise StateConflict(_("文件已按保留期限删除，请重新上传。"))
    headings = _checked_mapping(job, sheet, heading_line, mapping)
    stored = str(job.staged.name) if job.staged else ""
    fields: dict[str, Any] = {
        "sheet": sheet,
        "heading_line": heading_line,
        "headings": headings,
        "mapping": dict(mapping),
        "publish": publish,
        "staged": "",
        "total": 0,
        "checked_at": clock.now(),
        "started_at": None,
    }
    _move(job, ImportState.CHECKING, "import.check_started", by, **fields)
    job.remarks.all().delete()
    if stored:
        transaction.on_commit(lambda: job.staged.storage.delete(stored))
    _hand_over(job, by)


def _checked_mapping(job: Import, sheet_name: str, line: int, mapping: Mapping[str, str]) -> list[str]:
    """The headings of the sheet under which the mapping makes sense."""
    sheet = sheet_of(job.top, sheet_name)
    if sheet is None:
        raise ValidationError({"sheet": [_("文件里没有这个工作表。")]})
    fields = fields_for(job)
    columns = columns_of(sheet, line)
    known = {str(column.number) for column in columns}
    if not set(mapping) <= known or not set(mapping.values()) <= set(fields.spellings):
        raise ValidationError({"mapping": [_("列的对应关系已过期，请刷新页面后再试。")]})
    twice = [name for name in fields.spellings if list(mapping.values()).count(name) > 1]
    if twice:
        named = {"name": field_label(fields, twice[0])}
        raise ValidationError({"mapping": [_("有两列都对应“%(name)s”，请只保留一列。") % named]})
    missing = [field_label(fields, name) for name in fields.required if name not in mapping.values()]
    if missing:
        named = {"names": "、".join(missing)}
        raise ValidationError({"mapping": [_("还没有指定这些必需的列：%(names)s。") % named]})
    return headings_of(columns)


@transaction.atomic
def import_run(*, job: Import, by: User, all_or_nothing: bool = False, seen: datetime | None = None) -> None:
    """Import the rows that are right, in the background; with `all_or_nothing` only if all are.

    `seen` tells which check the person has looked at, by when it began: what another came to is not imported unseen.
    """
    can_work_on(by, job).require()
    now = Import.objects.select_for_update(no_key=True).get(pk=job.pk)
    if seen is not None and seen != now.checked_at:
        raise StateConflict(_("这个文件之后又检查过，结果可能不同。请刷新页面，看过后再开始导入。"))
    if all_or_nothing and now.bad_count:
        bad = {"count": now.bad_count}
        raise StateConflict(_("还有 %(count)d 行有误。请改好后重新上传，或选择只导入正确的行。") % bad)
    if now.bad_count >= now.total:
        raise StateConflict(_("没有一行可以导入。请按提示改好后重新上传。"))
    fields = {"all_or_nothing": all_or_nothing, "started_at": clock.now()}
    _move(job, ImportState.RUNNING, "import.started", by, **fields)
    job.remarks.all().delete()
    _hand_over(job, by)


@transaction.atomic
def import_cancel(*, job: Import, by: User) -> None:
    """Stop it after the batch that is being written, which is dropped; what came in before stays and can be undone."""
    can_work_on(by, job).require()
    move(
        job,
        ImportState.CANCELLED,
        lifecycle=IMPORT_LIFECYCLE,
        action="import.cancelled",
        by=by,
        finished_at=clock.now(),
        lease_until=None,
    )


@transaction.atomic
def import_undo(*, job: Import, by: User) -> None:
    """Take back all of it that nobody has touched since, in the background."""
    can_work_on(by, job).require()
    if job.state == ImportState.RUNNING:
        raise StateConflict(_("导入还在进行，请先取消，再撤销。"))
    count = job.objects_done.count()
    if not count:
        raise StateConflict(_("这次导入没有写入任何内容，不需要撤销。"))
    fields = {"done": 0, "total": count, "cursor": 0, "stalled": 0, "left_count": 0, "lease_until": None, "error": ""}
    move(job, ImportState.UNDOING, lifecycle=IMPORT_LIFECYCLE, action="import.undo_started", by=by, **fields)
    job.remarks.filter(kind=RemarkKind.LEFT).delete()  # of an undoing before this one, which did not come to its end
    _hand_over(job, by)


def files_prune(before: datetime, most: int) -> int:
    """Delete the files of imports that ended, or were left lying, before a moment; of how many imports."""
    idle = Q(state__in=(ImportState.UPLOADED, ImportState.CHECKED))
    old = Import.objects.filter(Q(state__in=ENDED_STATES) | idle, updated_at__lt=before)
    return sum(_forget_files(job) for job in list(old.exclude(file="", staged="").order_by("pk")[:most]))


@transaction.atomic
def _forget_files(job: Import) -> bool:
    """Whether it still was as it was read."""
    names, storage = [str(file.name) for file in (job.file, job.staged) if file], job.file.storage
    state = job.state if job.state in ENDED_STATES else ImportState.CANCELLED
    changes = {"file": "", "staged": "", "state": state, "finished_at": job.finished_at or clock.now()}
    if not Import.objects.filter(pk=job.pk, state=job.state).update(**changes):
        return False
    audit.record(job, "import.files_deleted", by=None, changes={"files": len(names)})
    for name in names:
        transaction.on_commit(partial(storage.delete, name))
    return True


def _move(job: Import, target: ImportState, action: str, by: User, **fields: Any) -> None:
    move(job, target, lifecycle=IMPORT_LIFECYCLE, action=action, by=by, **_NOTHING_DONE, **fields)


def _hand_over(job: Import, by: User) -> None:
    """To the workers, who do it on behalf of whoever asked. The row is held: `move` has just changed it."""
    Import.objects.filter(pk=job.pk).update(asked_by=by)
    job.asked_by = by
    transaction.on_commit(lambda: work.send_hint(job.public_id))


def _digest(upload: Upload) -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()


def _kept_name(name: str) -> str:
    """The file's own name, without folders and unprintable signs, its ending kept when it is too long."""
    path = PurePath(clean_text(name.replace("\\", "/").rsplit("/", 1)[-1]).strip() or "file")
    return f"{path.stem[: NAME_LIMIT - len(path.suffix)]}{path.suffix}"
