"""`manage.py city_figures --year Y [--json]`: the funnel and the outcomes of a year, as the dashboard counts them."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core import clock
from apps.stats.dashboard.overview import funnel, outcomes_by_type
from apps.stats.figures import FIGURES
from apps.stats.periods import Period
from apps.stats.questions import Question
from apps.stats.refreshing import figures_current_at
from apps.taxonomy.models import Vocabulary

FIRST_YEAR = 2000


class Command(BaseCommand):
    help = "按年份列出从注册到成效的数字与各类成效。/ The funnel and the outcomes by type of one year."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, default=clock.today().year, help="年份。/ The year.")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出。/ As JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["year"]
        if not FIRST_YEAR <= year <= clock.today().year:
            raise CommandError(f"年份应在 {FIRST_YEAR} 与 {clock.today().year} 之间。")
        current_at = figures_current_at()
        if current_at is None:
            raise CommandError("统计尚未计算，请先执行 rebuild_figures。")
        question = Question(Period(date(year, 1, 1), date(year, 12, 31)))
        found = {"funnel": funnel(question), "outcomes": outcomes_by_type(question)}
        if options["json"]:
            told = {"year": year, "current_at": current_at.isoformat(), **found}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self.tell(found, question)

    def tell(self, found: dict[str, dict[str, int]], question: Question) -> None:
        names = {term.code: str(term) for term in question.terms.of(Vocabulary.OUTCOME_TYPE)}
        for key, number in found["funnel"].items():
            self.stdout.write(f"{number:>10,}  {FIGURES[key].label}")
        for code, number in found["outcomes"].items():
            self.stdout.write(f"{number:>10,}    {names[code]}")
