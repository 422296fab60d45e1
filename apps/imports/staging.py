"""The rows of a file as JSON lines: read from it once, then taken from anywhere in constant memory."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from django.core.files import File
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from apps.core.tables import TableRefused
from apps.core.tables.sources import counts_from_1904, sheet_source
from apps.imports.doors import DAYS, KEY, key_of
from apps.imports.models import Import, ImportKind

MOST_ROWS = 200_000
EXAMPLE = "（示例）"
"""The number of the template's example row, which nobody means to import."""

DAYS_FROM_1900_TO_1904 = 1462
ROWS_BETWEEN_BEATS = 5_000


@dataclass(slots=True)
class StagedRow:
    """`values` by field; `problems` by field are cells that cannot be read. `cells` are all, as the file has them."""

    line: int
    cells: list[str]
    values: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Staged:
    path: Path
    total: int
    hidden_rows: int


@contextmanager
def local_copy(file: FieldFile) -> Iterator[Path]:
    """The file as one of this host: itself, or fetched from the storage that all hosts share."""
    try:
        path: Path | None = Path(file.path)
    except NotImplementedError:  # a storage without folders
        path = None
    if path is not None:
        yield path
        return
    with tempfile.NamedTemporaryFile(suffix=PurePath(str(file.name)).suffix) as target:
        with file.open("rb") as source:
            for chunk in source.chunks():
                target.write(chunk)
        target.flush()
        yield Path(target.name)


@contextmanager
def staged_rows(job: Import, beat: Callable[[], None]) -> Iterator[Staged]:
    """Read the sheet to its end into a file of JSON lines, which the caller stores. `beat` is called now and then.

    TableRefused for more rows than anybody types, for none, and for a file that breaks in the middle.
    """
    with local_copy(job.file) as path, tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".jsonl") as target:
        shift = DAYS_FROM_1900_TO_1904 if counts_from_1904(path) else 0
        total = hidden = 0
        seen: set[int] = set()
        for row in sheet_source(path, job.sheet):
            if row.line <= job.heading_line:
                continue
            values = {name: row.cells[number] for number, name in _numbered(job) if number < len(row.cells)}
            if EXAMPLE in (values.get(KEY), values.get("name")):
                continue
            total += 1
            if total > MOST_ROWS:
                most = {"most": f"{MOST_ROWS:,}"}
                raise TableRefused(_("这张表超过 %(most)s 行，请拆成几个文件分别导入。") % most)
            if total % ROWS_BETWEEN_BEATS == 0:
                beat()
            hidden += row.is_hidden
            kept: dict[str, Any] = {"l": row.line, "c": _shifted(job, row.cells, shift) if shift else row.cells}
            if row.problems:
                kept["p"] = row.problems
            if (key := key_of(job.kind, values)) and (number := hash(key)) in seen:
                kept["d"] = 1
            elif key:
                seen.add(number)
            target.write(json.dumps(kept, ensure_ascii=False) + "\n")
        if not total:
            raise TableRefused(_("表头下面没有数据行。"))
        target.flush()
        yield Staged(Path(target.name), total, hidden)


def keep_staged(job: Import, staged: Staged) -> str:
    """Store the file; its name in the storage."""
    with staged.path.open("rb") as content:
        name = job.staged.field.generate_filename(job, "rows.jsonl")
        return str(job.staged.storage.save(name, File(content)))


def read_batch(job: Import, cursor: int, most: int) -> tuple[list[StagedRow], int]:
    """The rows from a place in the staged file on, `most` at most, and the place behind them."""
    rows: list[StagedRow] = []
    with job.staged.storage.open(str(job.staged.name), "rb") as content:
        content.seek(cursor)
        while len(rows) < most and (line := content.readline()):
            rows.append(_row(job, json.loads(line)))
        return rows, content.tell()


def all_rows(job: Import) -> Iterator[StagedRow]:
    with job.staged.storage.open(str(job.staged.name), "rb") as content:
        for line in content:
            yield _row(job, json.loads(line))


def repeated_message(job: Import) -> str:
    if job.kind == ImportKind.ORGANISATIONS:
        return _("文件里前面已有同一机构。")
    return _("文件里前面已有同一编号的行。")


def _row(job: Import, kept: Mapping[str, Any]) -> StagedRow:
    row = StagedRow(kept["l"], kept["c"], is_repeated="d" in kept)
    problems = kept.get("p", {})
    for number, name in _numbered(job):
        if problem := problems.get(str(number)):
            row.problems[name] = problem
        elif number < len(row.cells):
            row.values[name] = row.cells[number]
    return row


def _numbered(job: Import) -> list[tuple[int, str]]:
    return [(int(number), name) for number, name in job.mapping.items()]


def _shifted(job: Import, cells: list[str], shift: int) -> list[str]:
    """Days that stand as bare numbers in a workbook that counts from 1904."""
    shifted = list(cells)
    for number, name in _numbered(job):
        if name in DAYS and number < len(cells) and cells[number].isdecimal() and len(cells[number]) == 5:
            shifted[number] = str(int(cells[number]) + shift)
    return shifted
