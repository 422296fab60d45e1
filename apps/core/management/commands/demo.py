"""`manage.py demo`: a whole installation on this machine until Ctrl-C."""

import fcntl
import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from apps.core.processes.child import Child, ChildFailedError
from apps.core.processes.group import running, stop_signals_raise, watch
from apps.core.processes.installation import installation_children
from apps.core.processes.servers import HOST, free_port

ACCOUNTS_FILE = Path("demo_city") / "accounts.jsonl"


class Command(BaseCommand):
    help = (
        "启动演示：建库、载入词表与演示城市，启动内置消息服务、任务进程和网站，Ctrl-C 全部停止。/ "
        "Run the demonstration: database, demo city, broker, worker and web server, until Ctrl-C."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=int, default=8000, help="网站端口，被占用时用下一个。/ Port of the web server."
        )
        parser.add_argument("--no-city", action="store_true", help="不载入演示城市。/ Leave the demo city out.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with only_one(settings.VAR_DIR / "demo.lock"), stop_signals_raise():
                self.prepare(with_city=not options["no_city"])
                port = self.choose_port(options["port"])
                self.serve(port, [] if options["no_city"] else demo_accounts(settings.SEEDS_DIR / ACCOUNTS_FILE))
        except KeyboardInterrupt:
            self.stdout.write("已全部停止。/ Everything has been stopped.")
        except ChildFailedError as error:
            raise CommandError(
                f"一个进程出错，其余已全部停止。/ A process failed, the rest has been stopped.\n{error}"
            ) from error

    def prepare(self, *, with_city: bool) -> None:
        self.stdout.write("准备数据库 … / Preparing the database …")
        call_command("migrate", verbosity=0)
        self.stdout.write("载入词表与演示数据 … / Loading vocabularies and the demo city …")
        call_command("load_taxonomy", verbosity=0)
        if with_city:
            call_command("load_demo_city", verbosity=0)

    def choose_port(self, wanted: int) -> int:
        port = free_port(wanted)
        if port != wanted:
            self.stdout.write(f"端口 {wanted} 已被占用，改用 {port}。/ Port {wanted} is taken, using {port}.")
        return port

    def serve(self, port: int, accounts: list[dict[str, str]]) -> None:
        self.stdout.write("启动各进程 … / Starting the processes …")
        environment = {name: os.environ[name] for name in ("REDIS_URL",) if os.environ.get(name)}
        children = installation_children(var_dir=settings.VAR_DIR, port=port, environment=environment)
        with running(children):
            self.welcome(port, children, accounts)
            watch(children)

    def welcome(self, port: int, children: Sequence[Child], accounts: list[dict[str, str]]) -> None:
        processes = ", ".join(f"{child.name} ({child.pid})" for child in children)
        self.stdout.write(f"\n云端研发已启动，请在浏览器打开 / Open in a browser:  http://{HOST}:{port}\n")
        if accounts:
            self.stdout.write("演示账号 / Demo accounts:")
        for account in accounts:
            self.stdout.write("  {email:<30} {password:<20} {role} / {role_en}".format(**account))
        self.stdout.write(f"\n进程 / Processes: {processes}；日志 / logs: {settings.VAR_DIR / 'log'}")
        self.stdout.write("按 Ctrl-C 全部停止。/ Ctrl-C stops everything.")
        self.stdout.flush()


def demo_accounts(path: Path) -> list[dict[str, str]]:
    """One account a line: email, password, role and role_en (what to show of it)."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Two demonstrations in one folder would share its database and broker.

    Raises CommandError when one runs already. The kernel drops the lock with the process, however it ends.
    """
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError("演示已在此目录运行。/ The demonstration is already running in this folder.") from error
        yield
