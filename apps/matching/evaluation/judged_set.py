"""A judged set in three files: needs, capabilities, and the levels that people gave to pairs of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from apps.core.tables import TableRefused, open_table
from apps.core.tables.bad_rows import BadRows
from apps.core.tables.files import refuse_unreadable, text_encoding
from apps.engine.documents import Document
from apps.engine.indicators import Side
from apps.engine.metrics import LEVELS, gain
from apps.matching.encoders import current_encoder, with_meaning
from apps.matching.file_documents import FIELDS, FileDocuments

COLUMNS = ("need_id", "capability_id", "level")
type Levels = dict[str, dict[str, int]]
"""Need id → capability id → level, 1 (unrelated) to 4 (strongly related)."""


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """The judged needs in the order of their first judgement, capabilities in that of their file, and the levels."""

    needs: tuple[Document, ...]
    capabilities: tuple[Document, ...]
    levels: Levels
    encoder: str = ""
    """What made the vectors of the texts; "" where meanings are not compared."""

    @property
    def pair_count(self) -> int:
        return sum(map(len, self.levels.values()))


def read_judged_set(needs: Path, capabilities: Path, judgements: Path, *, reader: FileDocuments) -> JudgedSet:
    """Raises TableRefused, with the file and the line, for anything that is not as it should be.

    A judged set is whole or of no use: rows are not left out here as they are when people import files.
    """
    asked = {document.id: document for document in read_documents(needs, reader, "need")}
    offered = {document.id: document for document in read_documents(capabilities, reader, "capability")}
    levels = read_levels(judgements, asked, offered)
    return JudgedSet(
        needs=tuple(with_meaning([asked[need] for need in levels])),
        capabilities=tuple(with_meaning(list(offered.values()))),
        levels=levels,
        encoder=encoder.name if (encoder := current_encoder()) else "",
    )


def read_documents(path: Path, reader: FileDocuments, side: Side) -> list[Document]:
    """The documents of a table of which every row is good."""
    bad_rows = BadRows(FIELDS, None, source=path)
    documents = list(reader.read(open_table(path, FIELDS), bad_rows, side=side))
    if bad_rows.count:
        problems = "\n".join(bad_rows.sentences(bad_rows.problems, bad_rows.problem_count))
        raise TableRefused(_("“%(name)s”有不能用的行，请改正后再评测：") % {"name": path.name} + f"\n{problems}")
    return documents


def read_levels(path: Path, needs: Collection[str], capabilities: Collection[str]) -> Levels:
    """The levels of a tab-separated file with a header line; every id must be one of those given."""
    levels: Levels = {}
    for line, (need, capability, level) in _rows(path):
        if need not in needs:
            raise _refusal(path, line, _("需求文件里没有编号“%(id)s”。") % {"id": need})
        if capability not in capabilities:
            raise _refusal(path, line, _("能力文件里没有编号“%(id)s”。") % {"id": capability})
        if level not in map(str, LEVELS):
            raise _refusal(path, line, _("相关程度应为 1、2、3 或 4，而不是“%(level)s”。") % {"level": level[:20]})
        if capability in levels.setdefault(need, {}):
            raise _refusal(path, line, _("“%(need)s”与“%(capability)s”已经判定过。") % _pair(need, capability))
        levels[need][capability] = int(level)
    if not any(gain(level) for given in levels.values() for level in given.values()):
        raise TableRefused(_("“%(name)s”里没有一对相关（2 级及以上），无从评测。") % {"name": path.name})
    return levels


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    refuse_unreadable(path)
    with path.open(encoding=text_encoding(path)) as lines:
        for number, line in enumerate(lines, start=1):
            cells = [cell.strip() for cell in line.rstrip("\r\n").split("\t")]
            if cells == [""]:
                continue
            if len(cells) != len(COLUMNS):
                what = _("应有 3 列，以制表符分隔：%(columns)s；这一行有 %(count)d 列。")
                raise _refusal(path, number, what % {"columns": "、".join(COLUMNS), "count": len(cells)})
            if number > 1:
                yield number, cells
            elif cells[2] in map(str, LEVELS):
                raise _refusal(path, number, _("第一行应为列名：%(columns)s。") % {"columns": "、".join(COLUMNS)})


def _refusal(path: Path, line: int, what: str) -> TableRefused:
    return TableRefused(_("“%(name)s”第 %(line)d 行：%(what)s") % {"name": path.name, "line": line, "what": what})


def _pair(need: str, capability: str) -> dict[str, str]:
    return {"need": need[:60], "capability": capability[:60]}
