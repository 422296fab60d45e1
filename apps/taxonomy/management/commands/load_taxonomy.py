"""`manage.py load_taxonomy [--folder DIR]`: load or update the vocabularies from seeds/taxonomy."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.taxonomy.seed_files import SeedError, read_pain_points, read_terms
from apps.taxonomy.services import taxonomy_load


class Command(BaseCommand):
    help = "载入或更新词表（产业链、技术领域、标签等）。可重复执行；管理员停用的词条保持停用。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path(settings.SEEDS_DIR) / "taxonomy", help="词表所在文件夹")

    def handle(self, *args: Any, folder: Path, verbosity: int, **options: Any) -> None:
        try:
            report = taxonomy_load(terms=read_terms(folder), pain_points=read_pain_points(folder))
        except (SeedError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write(f"词表：新增 {report.created} 条，更新 {report.updated} 条，未变 {report.unchanged} 条。")
