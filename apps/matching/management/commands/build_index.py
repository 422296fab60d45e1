"""`manage.py build_index`: build the matcher's index now, look at what there is, check its files."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from apps.capabilities.models import Capability
from apps.matching.fingerprints import Model
from apps.matching.index import building, storage, upkeep
from apps.matching.made_once import compared
from apps.matching.models import GenerationState, IndexGeneration
from apps.needs.models import Need

SHOWN = 10


class Command(BaseCommand):
    help = (
        "重建匹配索引（平台平时在后台按需重建）；也可以查看现有的版本、核对文件。/ "
        "Build the matcher's index now (workers do so when it is due), list what there is, or check its files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-due", action="store_true", help="只在该重建时做。/ Only if a build is due.")
        looking = parser.add_mutually_exclusive_group()
        looking.add_argument("--status", action="store_true", help="列出最近的版本。/ List the latest generations.")
        looking.add_argument("--verify", action="store_true", help="逐个文件核对校验和。/ Check every file.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["status"]:
            self._list()
        elif options["verify"]:
            self._verify()
        else:
            self._build(if_due=options["if_due"])

    def _build(self, *, if_due: bool) -> None:
        if if_due and upkeep.due_because() is None:
            self.stdout.write(_("现有的索引够用，不需要重建。"))
            return
        total = sum(compared(model).count() for model in (Capability, Need))
        with tqdm(total=total, desc=_("构建索引"), unit=_("条"), disable=None, file=self.stderr) as bar:

            def show(model: Model, count: int) -> None:
                bar.update(count)

            generation = building.build(by_hand=True, watch=show)
        if generation is None:
            raise CommandError(_("另一个进程正在构建索引，请稍后用 --status 查看。"))
        self.stdout.write(in_a_line(generation))

    def _list(self) -> None:
        for generation in IndexGeneration.objects.all()[:SHOWN]:
            self.stdout.write(in_a_line(generation))
        reason = upkeep.due_because()
        self.stdout.write(_("该重建了：%(reason)s。") % {"reason": reason.label} if reason else _("不需要重建。"))

    def _verify(self) -> None:
        """Every file of every kept generation is read; what is damaged is written down, and built anew."""
        damaged = 0
        for generation in upkeep.published():
            try:
                storage.check(generation)
            except storage.IndexDamaged as error:
                building.mark_damaged(generation, str(error))
                self.stdout.write(_("索引 %(number)s 已损坏：%(error)s") % _told(generation, error))
                damaged += 1
            else:
                self.stdout.write(_("索引 %(number)s 完好。") % {"number": generation.number})
        if damaged:
            raise CommandError(_("有索引损坏，已标记；后台会自动重建，也可以运行 manage.py build_index。"))


def in_a_line(generation: IndexGeneration) -> str:
    """Number, state, rows, size and time of a generation, and what went wrong."""
    moment = timezone.localtime(generation.published_at or generation.started_at)
    told = _("索引 %(number)s：%(state)s，资源 %(capabilities)s 条、需求 %(needs)s 条，%(size)s，%(moment)s") % {
        "number": generation.number,
        "state": generation.get_state_display(),
        "capabilities": generation.capabilities_count,
        "needs": generation.needs_count,
        "size": filesizeformat(generation.bytes),
        "moment": f"{moment:%Y-%m-%d %H:%M:%S}",
    }
    if generation.state == GenerationState.PUBLISHED and generation.seconds is not None:
        told += _("，用时 %(seconds).1f 秒") % {"seconds": generation.seconds}
    return told + (f"：{generation.error}" if generation.error else "。")


def _told(generation: IndexGeneration, error: Exception) -> dict[str, Any]:
    return {"number": generation.number, "error": error}
