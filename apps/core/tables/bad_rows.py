"""Rows that were left out: counted, the first ones told in sentences, all of them kept in a file on request."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from django.utils.translation import gettext as _

from apps.core.import_reports import RowProblem
from apps.core.tables.fields import Fields
from apps.core.tables.reading import Row
from apps.core.tables.refusal import TableRefused
from apps.core.tables.writing import csv_lines
from apps.core.validators import clean_text

MOST_TOLD = 50


class BadRows:
    """`path` is the .csv to write, or None; TableRefused when it cannot be written or is the `source` itself."""

    def __init__(self, fields: Fields, path: Path | None, *, source: Path) -> None:
        self.fields = fields
        self.count = 0
        self.problem_count = 0
        self.problems: list[RowProblem] = []
        self._file = _opened(path, source) if path else None
        self._write([*fields.spellings, _("行号"), _("错误")], begin=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def add(self, row: Row, problems: Sequence[RowProblem]) -> None:
        """One bad row and all that is wrong with it."""
        self.count += 1
        self.problem_count += len(problems)
        told = [RowProblem(row.line, problem.field, problem.message) for problem in problems]
        self.problems += told[: MOST_TOLD - len(self.problems)]
        cells = [_cell(row.values.get(name)) for name in self.fields.spellings]
        self._write([*cells, str(row.line), " ".join(self._named(problem) for problem in told)])

    def sentences(self, problems: Sequence[RowProblem], count: int) -> Iterator[str]:
        """One sentence for each of the problems (MOST_TOLD at most were kept), then how many more there were."""
        for problem in sorted(problems, key=lambda problem: problem.row):
            yield _("第 %(line)d 行 %(what)s") % {"line": problem.row, "what": self._named(problem)}
        if count > len(problems):
            yield _("另有 %(count)d 处未逐一列出。") % {"count": count - len(problems)}

    def _named(self, problem: RowProblem) -> str:
        message = clean_text(problem.message)
        return f"{self.fields.title(problem.field)}：{message}" if problem.field else message

    def _write(self, cells: list[str], *, begin: bool = False) -> None:
        if self._file is None:
            return
        lines = csv_lines(cells, [])
        self._file.write("".join(lines) if begin else "".join(lines).removeprefix("\ufeff"))


def _opened(path: Path, source: Path) -> IO[str]:
    if path.resolve() == source.resolve():
        raise TableRefused(_("--errors 不能与要导入的文件相同。"))
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise TableRefused(_("无法写入“%(name)s”：%(reason)s。") % {"name": path, "reason": error.strerror}) from error


def _cell(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "、".join(value)
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
