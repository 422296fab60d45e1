"""`manage.py evaluate_matching`: how good the ranking is on judged pairs, part by part and beside its peers."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from tqdm import tqdm

from apps.core.tables import TableRefused
from apps.core.tables.command import TableCommand
from apps.engine.blend import Parameters
from apps.engine.documents import Document
from apps.matching.encoders import without_meaning
from apps.matching.evaluation import expected, report
from apps.matching.evaluation.judged_set import JudgedSet, read_judged_set
from apps.matching.evaluation.matchers import file_reader, matcher_maker
from apps.matching.evaluation.measuring import Evaluation, measure, measure_blend
from apps.matching.file_ranking import replacing

OWN_SET = Path(settings.BASE_DIR) / "fixtures" / "judged"
FILES = {"needs": "needs.jsonl", "capabilities": "capabilities.jsonl", "judgements": "judgements.tsv"}


class Command(TableCommand):
    help = (
        "用人工判定的需求与能力检验排序：ndcg@10、recall@50、mrr 及 95%% 置信区间，"
        "逐个信号、去掉逐个信号，并与 BM25、scikit-learn 的常规做法比较。不读写数据库；不指定文件时用项目自带的判定集。"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--needs", type=Path, help="需求文件（.jsonl、.csv、.xlsx，同 rank_files）")
        parser.add_argument("--capabilities", type=Path, help="能力文件")
        parser.add_argument(
            "--judgements", type=Path, help="判定文件：以制表符分隔，首行为 need_id、capability_id、level（1～4）"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON，而不是表格")
        parser.add_argument("--output", type=Path, help="写入此文件，而不是打印出来")
        parser.add_argument(
            "--write-expected",
            action="store_true",
            help="只按出厂权重重算自带判定集，更新 fixtures/judged/expected.jsonl",
        )

    def handle(self, *args: Any, as_json: bool, output: Path | None, write_expected: bool, **options: Any) -> None:
        files = _files({name: options[name] for name in FILES})
        _refuse_contradictions(files, output, as_json=as_json, write_expected=write_expected)
        judged = read_judged_set(**files, reader=file_reader())
        if write_expected:
            self._write_expected(judged)
            return
        evaluation = _measure(judged)
        if notice := without_meaning():
            self.stderr.write(notice)
        text = (
            json.dumps(report.as_json(evaluation), ensure_ascii=False, indent=2)
            if as_json
            else report.table(evaluation)
        )
        if output is None:
            self.stdout.write(text)
            return
        with replacing(output) as file:
            file.write(f"{text}\n".encode())
        self.stdout.write(_("评测结果已写入 %(output)s。") % {"output": output})

    def _write_expected(self, judged: JudgedSet) -> None:
        path = OWN_SET / "expected.jsonl"
        expected.write_expected(path, measure_blend(judged, matcher_maker(judged.capabilities), Parameters()))
        self.stdout.write(_("预期得分已写入 %(output)s，请用 git diff 查看变化。") % {"output": path})


def _measure(judged: JudgedSet) -> Evaluation:
    def shown(needs: Iterable[Document]) -> Iterable[Document]:
        return tqdm(needs, total=len(judged.needs), desc=_("评测"), unit=_("项需求"), disable=None)

    maker = matcher_maker(judged.capabilities)
    return measure(judged, maker, Parameters(), cache_dir=Path(settings.VAR_DIR) / "jieba", progress=shown)


def _files(given: dict[str, Path | None]) -> dict[str, Path]:
    """The three files named, or the project's own three; a mixture of both would compare what does not belong."""
    named = {name: path for name, path in given.items() if path is not None}
    if not named:
        return {name: OWN_SET / file for name, file in FILES.items()}
    missing = [f"--{name}" for name in FILES if name not in named]
    if missing:
        raise TableRefused(_("三个文件要一起指定，还缺 %(missing)s。") % {"missing": "、".join(missing)})
    return named


def _refuse_contradictions(files: dict[str, Path], output: Path | None, *, as_json: bool, write_expected: bool) -> None:
    if write_expected and (as_json or output or files["needs"].parent != OWN_SET):
        raise TableRefused(_("--write-expected 只用于项目自带的判定集，不能与其他选项同用。"))
    if output is None:
        return
    if output.resolve() in {path.resolve() for path in files.values()}:
        raise TableRefused(_("结果文件不能与输入文件相同。"))
    if output.is_dir() or not output.absolute().parent.is_dir():
        raise TableRefused(_("无法写入“%(name)s”：文件夹不存在，或同名的是一个文件夹。") % {"name": output})
