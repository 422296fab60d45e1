"""`manage.py rank_files --needs A --capabilities B --output OUT`: rank two tables against each other, no database."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from tqdm import tqdm

from apps.core.tables import Table, TableRefused, open_table
from apps.core.tables.bad_rows import BadRows
from apps.core.tables.command import SOME_ROWS_BAD, TableCommand
from apps.engine.documents import Document
from apps.engine.indicators import Side
from apps.engine.matcher import Matcher
from apps.matching.encoders import with_meaning, without_meaning
from apps.matching.file_documents import FIELDS, FileDocuments, seed_segmenter, seed_taxonomy
from apps.matching.file_ranking import ranked, refuse_unwritable, write_ranking


class Command(TableCommand):
    help = (
        "把一个需求文件与一个能力文件逐对比较并排序，不读写数据库。文件为 .jsonl、.csv 或 .xlsx，"
        "含 id（编号）、title（名称），可有 description（描述）、tags（标签）。"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--needs", type=Path, required=True, help="需求文件")
        parser.add_argument("--capabilities", type=Path, required=True, help="能力文件")
        parser.add_argument(
            "--output", type=Path, required=True, help="结果文件：.trec 为 TREC 格式，.csv、.xlsx、.jsonl 含得分与理由"
        )
        parser.add_argument("--depth", type=_depth, default=20, help="每项需求取前几名，0 为全部（默认 20）")

    def handle(self, *args: Any, needs: Path, capabilities: Path, output: Path, depth: int, **options: Any) -> None:
        if output.resolve() in {needs.resolve(), capabilities.resolve()}:
            raise TableRefused(_("结果文件不能与输入文件相同。"))
        need_table, capability_table = open_table(needs, FIELDS), open_table(capabilities, FIELDS)
        refuse_unwritable(output, rows=need_table.count * min(depth or sys.maxsize, capability_table.count))
        taxonomy = seed_taxonomy(settings.SEEDS_DIR / "taxonomy")
        reader = FileDocuments(taxonomy, ids_without_space=output.suffix.lower() == ".trec")
        asked = with_meaning(self._read(needs, need_table, reader, "need"))
        offered = with_meaning(self._read(capabilities, capability_table, reader, "capability"))
        words = settings.SEEDS_DIR / "dictionary" / "domain_words.txt"
        matcher = Matcher(taxonomy=taxonomy, segmenter=seed_segmenter(taxonomy, words, settings.VAR_DIR / "jieba")).fit(
            offered
        )
        rankings = ranked(matcher, asked, depth=depth, explain=output.suffix.lower() != ".trec")
        shown = tqdm(rankings, total=len(asked), desc=_("排序"), unit=_("项需求"), disable=None)
        write_ranking(output, shown, {document.id: document.title for document in offered})
        self.stdout.write(
            _("%(needs)d 项需求与 %(capabilities)d 项能力的排序已写入 %(output)s。")
            % {"needs": len(asked), "capabilities": len(offered), "output": output}
        )
        if notice := without_meaning():
            self.stdout.write(notice)
        if len(asked) < need_table.count or len(offered) < capability_table.count:
            sys.exit(SOME_ROWS_BAD)

    def _read(self, path: Path, table: Table, reader: FileDocuments, side: Side) -> list[Document]:
        """The documents of a file; rows that are none are told of and left out."""
        bad_rows = BadRows(FIELDS, None, source=path)
        rows = reader.read(table, bad_rows, side=side)
        documents = list(tqdm(rows, total=table.count, desc=path.name, unit=_("行"), disable=None))
        for sentence in bad_rows.sentences(bad_rows.problems, bad_rows.problem_count):
            self.stderr.write(f"{path.name} {sentence}")
        return documents


def _depth(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ArgumentTypeError(_("应为 0 或正整数"))
    return int(text)
