"""`manage.py find_duplicates`: compare every open row with the others, and say what was found."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tqdm import tqdm

from apps.capabilities.models import Capability
from apps.matching.fingerprints import AT_ONCE, Model, left_over, listing_of, missing, refresh, side_name
from apps.matching.models import Fingerprint
from apps.needs.models import Need

NAMES: dict[Model, Any] = {Need: gettext_lazy("需求"), Capability: gettext_lazy("资源")}


class Command(BaseCommand):
    help = (
        "找出内容相近的需求和资源（平台平时随匹配逐条比对；大批导入或升级之后可以一次补齐）。/ "
        "Find near-duplicate needs and capabilities; matching does so row by row, this does all at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="全部重新比对。/ Compare all anew.")
        parser.add_argument(
            "--list",
            type=int,
            default=0,
            metavar="N",
            dest="shown",
            help="列出最大的 N 组。/ List the N largest groups.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["shown"] < 0:
            raise CommandError(_("--list 不能为负数。"))
        for model, name in NAMES.items():
            if options["again"]:
                Fingerprint.objects.filter(**{f"{side_name(model)}__isnull": False}).delete()
            self._compare(model, str(name))
            self._report(model, str(name), options["shown"])

    def _compare(self, model: Model, name: str) -> None:
        gone = [pk for pk in left_over(model).values_list(side_name(model), flat=True) if pk is not None]
        due = [*gone, *missing(model).values_list("pk", flat=True)]
        with tqdm(total=len(due), desc=name, unit=_("条"), disable=None, file=self.stderr) as bar:
            for start in range(0, len(due), AT_ONCE):
                batch = due[start : start + AT_ONCE]
                refresh(model, batch)
                bar.update(len(batch))

    def _report(self, model: Model, name: str, shown: int) -> None:
        grouped = Fingerprint.objects.filter(**{f"{side_name(model)}__isnull": False}).exclude(group=None)
        sizes = grouped.values_list("group").annotate(size=Count("pk")).order_by("-size", "group")
        counts = {"name": name, "groups": len(sizes), "rows": sum(size for _group, size in sizes)}
        self.stdout.write(_("%(name)s：%(groups)d 组内容相近，共 %(rows)d 条。") % counts)
        for group, size in sizes[:shown]:
            self.stdout.write("  " + _("%(count)d 条：") % {"count": size})
            for member in grouped.filter(group=group).select_related(side_name(model)).order_by("pk"):
                row = getattr(member, side_name(model))
                self.stdout.write(f"    {row.public_id}  {listing_of(row).title}")
