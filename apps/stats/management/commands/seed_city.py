"""`manage.py seed_city [--scale S] [--seed N] [--proposals N] [--yes]`: a large invented city, written in bulk."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Organisation
from apps.needs.models import Need
from apps.stats.demo_city.seed_files import SeedAccount
from apps.stats.refreshing import FiguresBusyError, rebuild_figures
from apps.stats.seed_city.building import build_city, former_seed
from apps.stats.seed_city.more_proposals import add_proposals
from apps.stats.seed_city.sizes import LARGEST_SCALE, SMALLEST_SCALE
from apps.taxonomy.models import Term

DEFAULT_SEED = 2022


class Command(BaseCommand):
    help = (
        "生成大型演示城市：2022 年的数据与公布的数字完全一致。只写入空库。/ "
        "Build a large invented city whose year 2022 reproduces the published figures, in an empty database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale",
            type=float,
            default=1.0,
            help=f"规模，{SMALLEST_SCALE} 到 {LARGEST_SCALE:g}。/ How large, as a share of the city.",
        )
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="随机种子。/ The same seed, the same rows.")
        parser.add_argument(
            "--proposals",
            type=int,
            default=0,
            metavar="N",
            help="另加 N 条其他年份的推荐，供压力测试。/ N more recommendations of other years, for load tests.",
        )
        parser.add_argument(
            "--yes",
            action="store_true",
            help="正式环境中也执行；已有生成的城市时不报错。/ In production, and where the city is there already.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = not options["verbosity"]
        if settings.IN_PRODUCTION and not options["yes"]:
            raise CommandError("这是正式环境，不应生成演示城市。确实需要时请加 --yes。")
        if self.is_needed(options):
            self.build(options, quiet=quiet)
        if options["proposals"]:
            added = add_proposals(options["proposals"], seed=options["seed"], quiet=quiet)
            self.say(f"另加推荐 {added:,} 条。", quiet=quiet)
        self.count(quiet=quiet)

    def is_needed(self, options: dict[str, Any]) -> bool:
        """False where the city is there and `--yes` says that this is known; CommandError where anything else is."""
        former = former_seed()
        if former is None:
            if Organisation.objects.exists() or Need.objects.exists():
                raise CommandError("库中已有机构或需求。seed_city 只写入空库，请换一个数据库。")
            return True
        told = f"库中已有生成的城市（种子 {former['seed']}，规模 {former['scale']:g}）"
        if not options["yes"]:
            raise CommandError(f"{told}。加 --yes 可跳过生成。")
        if (former["seed"], former["scale"]) != (options["seed"], options["scale"]):
            raise CommandError(f"{told}，与本次要求不同，请换一个数据库。")
        self.say(f"{told}，不再重复生成。", quiet=not options["verbosity"])
        return False

    def build(self, options: dict[str, Any], *, quiet: bool) -> None:
        if not Term.objects.exists():
            call_command("load_taxonomy", verbosity=0)
        try:
            accounts = build_city(seed=options["seed"], scale=options["scale"], quiet=quiet)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if not quiet:
            self.tell(accounts)

    def count(self, *, quiet: bool) -> None:
        """So that the dashboard and `city_figures` show the city at once."""
        self.say("计算统计 …", quiet=quiet)
        try:
            rebuild_figures()
        except FiguresBusyError:
            self.say("统计正由任务进程更新，稍后即可查看。", quiet=quiet)

    def tell(self, accounts: list[SeedAccount]) -> None:
        self.stdout.write("城市已生成。启动网站前请执行 build_index，随后可用以下账号登录：")
        for account in accounts:
            self.stdout.write(f"  {account.email:<30} {account.password:<20} {account.role} / {account.role_en}")

    def say(self, text: str, *, quiet: bool) -> None:
        if not quiet:
            self.stdout.write(text)
