"""Rankings of needs against capabilities, written as a table or as a TREC run while they are made."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from apps.core.tables import TableRefused, csv_lines, jsonl_lines, write_xlsx
from apps.core.tables.writing import MOST_SHEET_ROWS
from apps.engine.documents import Document
from apps.engine.matcher import ENGINE_VERSION, Match, Matcher
from apps.matching.score_parts import score_parts
from apps.matching.stored_reasons import reasons_of

type Ranking = tuple[Document, list[Match]]
"""A need, and its capabilities, best first."""

RUN_NAME = f"matchsvc-{ENGINE_VERSION}"
KEYS = ("need_id", "need_title", "capability_id", "capability_title", "rank", "score", "parts", "reasons")


def ranked(matcher: Matcher, needs: Iterable[Document], *, depth: int, explain: bool) -> Iterator[Ranking]:
    """One need's ranking at a time, so that all pairs are never in memory together."""
    for need in needs:
        yield need, matcher.rank(need, depth=depth, explain=explain)


def write_ranking(path: Path, rankings: Iterable[Ranking], titles: dict[str, str]) -> None:
    """Write the rankings as the file's ending asks, all or nothing. `titles` are the capabilities', by id."""
    with replacing(path) as file:
        WRITERS[path.suffix.lower()](file, rankings, titles)


def refuse_unwritable(path: Path, *, rows: int) -> None:
    """TableRefused for an ending that is not written here, a folder that is not there, and more rows than fit."""
    suffix = path.suffix.lower()
    if suffix not in WRITERS:
        raise TableRefused(
            _("只能输出 %(endings)s 文件，不支持“%(name)s”。") % {"endings": "、".join(WRITERS), "name": path.name}
        )
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise TableRefused(_("无法写入“%(name)s”：文件夹不存在，或同名的是一个文件夹。") % {"name": path})
    if suffix == ".xlsx" and rows >= MOST_SHEET_ROWS:
        limits = {"rows": f"{rows:,}", "most": f"{MOST_SHEET_ROWS - 1:,}"}
        raise TableRefused(
            _("结果有 %(rows)s 行，而 Excel 一张表最多 %(most)s 行。请减小 --depth，或输出 .csv。") % limits
        )


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file beside `path` that takes its place once all is written; if anything fails, what stood there stays."""
    folder, prefix = path.absolute().parent, f".{path.name}."
    try:
        file = tempfile.NamedTemporaryFile(dir=folder, prefix=prefix, delete=False)  # noqa: SIM115  (closed before it is put in place)
    except OSError as error:
        raise TableRefused(_("无法写入“%(name)s”：%(reason)s。") % {"name": path, "reason": error.strerror}) from error
    temporary = Path(file.name)
    try:
        with file:
            yield file
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_trec(file: IO[bytes], rankings: Iterable[Ranking], titles: dict[str, str]) -> None:
    for need, matches in rankings:
        lines = (
            f"{need.id} Q0 {match.document_id} {rank} {match.score:.6f} {RUN_NAME}\n"
            for rank, match in enumerate(matches, start=1)
        )
        file.write("".join(lines).encode())


def _write_csv(file: IO[bytes], rankings: Iterable[Ranking], titles: dict[str, str]) -> None:
    for line in csv_lines(_header(), _table_rows(rankings, titles)):
        file.write(line.encode())


def _write_xlsx(file: IO[bytes], rankings: Iterable[Ranking], titles: dict[str, str]) -> None:
    write_xlsx(file, _header(), _table_rows(rankings, titles), title=_("匹配结果"))


def _write_jsonl(file: IO[bytes], rankings: Iterable[Ranking], titles: dict[str, str]) -> None:
    for line in jsonl_lines(KEYS, _rows(rankings, titles)):
        file.write(line.encode())


WRITERS: dict[str, Callable[[IO[bytes], Iterable[Ranking], dict[str, str]], None]] = {
    ".trec": _write_trec,
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".jsonl": _write_jsonl,
}


def _header() -> list[str]:
    return [
        _("需求编号"),
        _("需求名称"),
        _("资源编号"),
        _("资源名称"),
        _("名次"),
        _("匹配度"),
        _("得分构成"),
        _("对需求方说"),
        _("对供给方说"),
        _("推荐理由"),
    ]


def _rows(rankings: Iterable[Ranking], titles: dict[str, str]) -> Iterator[Sequence[Any]]:
    for need, matches in rankings:
        for rank, match in enumerate(matches, start=1):
            pair = (need.id, need.title, match.document_id, titles[match.document_id])
            parts = {part.name: round(part.contribution, 2) for part in match.parts}
            yield (*pair, rank, match.score, parts, [reason["text"] for reason in reasons_of(match)])


def _table_rows(rankings: Iterable[Ranking], titles: dict[str, str]) -> Iterator[Sequence[Any]]:
    for need, matches in rankings:
        for (*pair, rank, score, _parts, reasons), match in zip(_rows([(need, matches)], titles), matches, strict=True):
            statements = "；".join(reason for reason in reasons if reason not in {match.for_need, match.for_capability})
            told = (match.for_need, match.for_capability, statements)
            yield (*pair, rank, round(score, 2), _in_words(match), *told)


def _in_words(match: Match) -> str:
    counted = [part for part in score_parts([asdict(part) for part in match.parts]) if part.is_counted]
    return "，".join(f"{part.label} {part.points:g}" for part in counted)
