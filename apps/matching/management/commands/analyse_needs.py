"""`manage.py analyse_needs FILE --output OUT.jsonl`: indicators, elements, tags and clarity of each need.

It reads and writes files only, no database.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from tqdm import tqdm

from apps.core.tables import TableRefused, open_table
from apps.core.tables.bad_rows import BadRows
from apps.core.tables.command import SOME_ROWS_BAD, TableCommand
from apps.engine.suggest import TagSuggester
from apps.matching.file_analysis import NeedAnalyst, read_needs, refuse_other_endings, write_analyses
from apps.matching.file_documents import FIELDS, seed_segmenter, seed_taxonomy
from apps.matching.tag_examples import seed_examples


class Command(TableCommand):
    help = (
        "逐条分析需求文件：技术指标、需求要素、建议标签和清晰度，每条需求写一行 JSON，不读写数据库。"
        "文件为 .jsonl、.csv 或 .xlsx，含 id（编号）、title（名称），可有 description（描述）、tags（标签）。"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="需求文件")
        parser.add_argument("--output", type=Path, required=True, help="结果文件，.jsonl")

    def handle(self, *args: Any, file: Path, output: Path, **options: Any) -> None:
        if output.resolve() == file.resolve():
            raise TableRefused(_("结果文件不能与输入文件相同。"))
        refuse_other_endings(output)
        table = open_table(file, FIELDS)
        bad_rows = BadRows(FIELDS, None, source=file)
        needs = tqdm(read_needs(table, bad_rows), total=table.count, desc=_("分析"), unit=_("项需求"), disable=None)
        analyst = _analyst()
        count = write_analyses(output, (analyst.analysed(need) for need in needs))
        for sentence in bad_rows.sentences(bad_rows.problems, bad_rows.problem_count):
            self.stderr.write(f"{file.name} {sentence}")
        self.stdout.write(_("%(needs)d 项需求的分析已写入 %(output)s。") % {"needs": count, "output": output})
        if bad_rows.count:
            sys.exit(SOME_ROWS_BAD)


def _analyst() -> NeedAnalyst:
    taxonomy = seed_taxonomy(settings.SEEDS_DIR / "taxonomy")
    words = settings.SEEDS_DIR / "dictionary" / "domain_words.txt"
    segmenter = seed_segmenter(taxonomy, words, settings.VAR_DIR / "jieba")
    return NeedAnalyst(taxonomy, segmenter, TagSuggester(taxonomy, seed_examples(settings.SEEDS_DIR / "demo_city")))
