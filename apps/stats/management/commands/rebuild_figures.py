"""`manage.py rebuild_figures`: read and count everything behind the statistics anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from apps.stats.models import CountedRow, DayCount
from apps.stats.refreshing import FiguresBusyError, rebuild_figures


class Command(BaseCommand):
    help = "重新读取并计算全部统计数据。/ Read and count everything behind the statistics anew."

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = not options["verbosity"]
        with tqdm(disable=quiet, unit_scale=True) as bar:

            def tell(table: str, done: int, total: int) -> None:
                if bar.desc != f"{table}: ":
                    bar.reset(total)
                    bar.set_description(table)
                bar.update(done - bar.n)

            try:
                rebuild_figures(tell=None if quiet else tell)
            except FiguresBusyError as error:
                raise CommandError(_("统计正由另一个进程更新，请稍后再试。")) from error
        if not quiet:
            counts = {"rows": CountedRow.objects.count(), "cells": DayCount.objects.count()}
            self.stdout.write(_("统计已重算：计入 %(rows)d 条记录，%(cells)d 个计数。") % counts)
