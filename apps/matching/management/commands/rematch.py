"""`manage.py rematch`: match much of the city anew, watch it, stop it."""

import time
from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from apps.core.errors import DomainError
from apps.matching import requests
from apps.matching.models import ACTIVE_REMATCHES, Rematch, RematchScope, RematchState
from apps.matching.rematches import chunks
from apps.matching.rematches.presentation import title_of
from apps.matching.rematches.services import rematch_cancel, rematch_pause, rematch_resume, rematch_start
from apps.matching.rematches.targets import Target
from apps.taxonomy.models import Term, Vocabulary

POLL_SECONDS = 0.5
STEERING = {"pause": rematch_pause, "resume": rematch_resume, "cancel": rematch_cancel}


class Command(BaseCommand):
    help = (
        "把在榜需求（或一部分，或在架资源）在后台分批重新匹配一遍；可以暂停、继续、取消。/ "
        "Match open needs (or some, or the capabilities) anew, in the background and in chunks; it can be stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scope",
            choices=RematchScope.values,
            default=RematchScope.NEEDS.value,
            help="匹配范围，缺省为全部在榜需求。/ What to match; all open needs unless said otherwise.",
        )
        parser.add_argument("--chain", metavar="CODE", help="产业链代码，与 --scope chain 同用。/ For --scope chain.")
        parser.add_argument("--district", metavar="CODE", help="区市代码，与 --scope district 同用。")
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="DATE", help="起始日期，与 --scope since 同用。"
        )
        parser.add_argument("--wait", action="store_true", help="等到结束，显示进度。/ Wait for the end.")
        parser.add_argument("--here", action="store_true", help="不靠任务进程，就在这里做完。/ Do the work here.")
        steering = parser.add_mutually_exclusive_group()
        steering.add_argument("--list", action="store_true", help="列出正在进行的。/ List what is under way.")
        steering.add_argument("--pause", metavar="ID", help="暂停。/ Pause one.")
        steering.add_argument("--resume", metavar="ID", help="继续已暂停或已中止的。/ Go on with one.")
        steering.add_argument("--cancel", metavar="ID", help="取消。/ Give one up.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        try:
            rematch = self._steered(options) or self._started(options)
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        if options["here"]:
            self._work(rematch)
        elif options["wait"]:
            self._watch(rematch)
        rematch.refresh_from_db()
        self.stdout.write(_line(rematch))
        if rematch.state == RematchState.FAILED:
            raise CommandError(rematch.error)

    def _list(self) -> None:
        for rematch in Rematch.objects.filter(state__in=(*ACTIVE_REMATCHES, RematchState.FAILED)):
            self.stdout.write(_line(rematch))

    def _steered(self, options: dict[str, Any]) -> Rematch | None:
        for name, service in STEERING.items():
            if options[name]:
                rematch = _found(options[name])
                with _hints(options):
                    service(rematch=rematch, by=None)
                return rematch
        return None

    def _started(self, options: dict[str, Any]) -> Rematch:
        with _hints(options):
            return rematch_start(target=_target(options), by=None)

    def _work(self, rematch: Rematch) -> None:
        """As a worker does it, chunk by chunk; a worker that takes one in between does no harm."""
        with _bar(rematch, self.stderr) as bar:
            while _shown(bar, rematch).state == RematchState.RUNNING:
                claimed = chunks.claim(rematch.public_id)
                if claimed is None:
                    time.sleep(POLL_SECONDS)
                else:
                    chunks.carry_out(claimed)

    def _watch(self, rematch: Rematch) -> None:
        with _bar(rematch, self.stderr) as bar:
            while _shown(bar, rematch).state == RematchState.RUNNING:
                time.sleep(POLL_SECONDS)


def _target(options: dict[str, Any]) -> Target:
    scope = RematchScope(options["scope"])
    given = {name: options[name] for name in ("chain", "district", "since") if options[name] is not None}
    wanted = {scope.value} & {"chain", "district", "since"}
    if set(given) != wanted:
        raise CommandError(
            _("--scope %(scope)s 需要 --%(scope)s。") % {"scope": scope.value}
            if wanted
            else _("--chain、--district、--since 须与同名的 --scope 同用。")
        )
    return Target(
        scope,
        chain=_term(Vocabulary.INDUSTRY_CHAIN, given.get("chain")),
        district=_term(Vocabulary.DISTRICT, given.get("district")),
        since=given.get("since"),
    )


def _term(vocabulary: Vocabulary, code: str | None) -> Term | None:
    if code is None:
        return None
    try:
        return Term.objects.get(vocabulary=vocabulary, code=code)
    except Term.DoesNotExist:
        told = {"code": code, "vocabulary": vocabulary.label}
        raise CommandError(_("没有代码为“%(code)s”的%(vocabulary)s。") % told) from None


def _found(public_id: str) -> Rematch:
    try:
        return Rematch.objects.get(public_id=public_id)
    except Rematch.DoesNotExist:
        raise CommandError(_("没有编号为“%(id)s”的批量匹配。") % {"id": public_id}) from None


def _hints(options: dict[str, Any]) -> AbstractContextManager[None]:
    """Whoever works here needs no worker to be told."""
    return requests.without_hints() if options["here"] else nullcontext()


def _bar(rematch: Rematch, stream: Any) -> "tqdm[Any]":
    return tqdm(total=rematch.total, desc=title_of(rematch), unit=_("条"), disable=None, file=stream)


def _shown(bar: "tqdm[Any]", rematch: Rematch) -> Rematch:
    rematch.refresh_from_db()
    bar.update(rematch.counted - bar.n)
    return rematch


def _line(rematch: Rematch) -> str:
    return _(
        "%(id)s  %(title)s：%(state)s，已匹配 %(done)d/%(total)d，跳过 %(passed)d，转单独处理 %(handed_over)d。"
    ) % {
        "id": rematch.public_id,
        "title": title_of(rematch),
        "state": rematch.get_state_display(),
        "done": rematch.done,
        "total": rematch.total,
        "passed": rematch.passed,
        "handed_over": rematch.handed_over,
    }
