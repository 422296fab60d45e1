"""`manage.py load_demo_city`: an invented city to try the platform with. A second run changes nothing."""

from argparse import ArgumentParser
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.stats.demo_city.loading import CityError, load_city
from apps.stats.demo_city.seed_files import read_city
from apps.stats.refreshing import FiguresBusyError, rebuild_figures


class Command(BaseCommand):
    help = (
        "载入演示城市：机构、账号、资源、需求与近八个月的往来。可重复执行。/ "
        "Load the demo city: organisations, accounts, capabilities, needs and eight months of history."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--yes-really", action="store_true", help="在正式环境中也载入。/ Load it into a production system, too."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IN_PRODUCTION and not options["yes_really"]:
            raise CommandError(_("这是正式环境，演示数据（含公开密码的账号）不应载入。确实需要时请加 --yes-really。"))
        try:
            report = load_city(read_city(settings.SEEDS_DIR / "demo_city"))
        except CityError as error:
            raise CommandError(str(error)) from error
        with suppress(FiguresBusyError):  # then the worker counts what is new
            rebuild_figures()
        if options["verbosity"]:
            self.stdout.write(
                _(
                    "新增机构 %(organisations)d 家，研发中心 %(centres)d 家，资源 %(capabilities)d 项，"
                    "需求 %(needs)d 项，重现往来 %(steps)d 步。"
                )
                % asdict(report)
            )
