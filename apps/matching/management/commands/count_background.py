"""`manage.py count_background`: count in how many texts of the seeds each term occurs, for corpora that are small."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from tqdm import tqdm

from apps.engine.background import count_texts
from apps.engine.tokens import characters_and_bigrams
from apps.matching.file_documents import seed_segmenter, seed_taxonomy

FIELDS = ("title", "goal", "background", "value", "description")


class Command(BaseCommand):
    help = (
        "统计种子里每个词、字和字对见于多少条文本，写入 seeds/dictionary/background.tsv；改动种子或词典后重跑。/ "
        "Count the terms of the seeds' needs and capabilities; run again when seeds or dictionaries changed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.SEEDS_DIR / "demo_city", help="文本所在文件夹")
        parser.add_argument("--output", type=Path, default=settings.SEEDS_DIR / "dictionary" / "background.tsv")

    def handle(self, *args: Any, folder: Path, output: Path, **options: Any) -> None:
        words = settings.SEEDS_DIR / "dictionary" / "domain_words.txt"
        segmenter = seed_segmenter(seed_taxonomy(settings.SEEDS_DIR / "taxonomy"), words, settings.VAR_DIR / "jieba")
        texts = [text for path in _files(folder) for text in _texts(path)]
        lines = list(count_texts(tqdm(texts, unit=_("条"), disable=None), (segmenter.words, characters_and_bigrams)))
        output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        told = {"texts": len(texts), "terms": len(lines) - 1, "output": output}
        self.stdout.write(_("%(texts)d 条文本，%(terms)d 个词、字和字对，已写入 %(output)s。") % told)


def _files(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.needs.jsonl"), *folder.glob("*.capabilities.jsonl")])


def _texts(path: Path) -> list[str]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return ["\n".join(str(row[name]) for name in FIELDS if row.get(name)) for row in rows]
