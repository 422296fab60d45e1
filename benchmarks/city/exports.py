"""What a long list as a file costs a server: seconds, and by how much its process grows at most while it sends one.

A gunicorn of one process serves the city that DATABASE_URL names, which `manage.py seed_city --proposals 1000000` has
filled. An administrator takes the proposals delivered since the day that leaves about ROWS of them, as CSV and as a
workbook; as many as may leave at once, unless ROWS says otherwise. It writes there a session, and in the trail who took
what.

    DATABASE_URL=... .venv/bin/python -m benchmarks.city.exports [ROWS]
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
django.setup()

from django.conf import settings  # noqa: E402  (Django has to be set up first)
from django.db import connection  # noqa: E402  (as above)
from django.test import Client  # noqa: E402  (as above)
from django.utils import timezone  # noqa: E402  (as above)

from apps.core.processes.child import Child  # noqa: E402  (as above)
from apps.core.processes.group import running  # noqa: E402  (as above)
from apps.core.processes.servers import HOST, answers_healthy, free_port  # noqa: E402  (as above)
from apps.stats.exporting.limits import MOST_ROWS  # noqa: E402  (as above)
from apps.stats.periods import midnight  # noqa: E402  (as above)
from apps.stats.selectors import proposals_shown  # noqa: E402  (as above)
from benchmarks.city.pages import NAMES  # noqa: E402  (as above)
from benchmarks.city.people import City  # noqa: E402  (as above)
from benchmarks.city.places import ADMINISTRATOR  # noqa: E402  (as above)
from benchmarks.figure import Figure, size_asked  # noqa: E402  (as above)
from benchmarks.processes.memory import tree  # noqa: E402  (as above)

PIECE = 1 << 16
MOST_MIB = 64.0


class _Straight(HTTPRedirectHandler):
    """A refusal leads back to the page: that is no file."""

    def redirect_request(self, *_: object) -> None:
        return None


def first_day(rows: int) -> tuple[date, int]:
    """The day since which so many proposals were delivered, or a few less; and how many they are."""
    shown: Any = proposals_shown()
    newest = shown.order_by("-first_at").values_list("first_at", flat=True)
    [one_too_many] = newest[rows : rows + 1] or [None]
    day = timezone.localdate(one_too_many) + timedelta(days=1) if one_too_many else date(2000, 1, 1)
    return day, shown.filter(first_at__gte=midnight(day)).count()


def own_bytes(pid: int) -> int:
    """RssAnon of /proc/PID/status: what is the process's own, without the pages of a database file that it maps."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon:"))


@contextmanager
def watched(pid: int) -> Iterator[list[int]]:
    """What the process occupies by itself, looked at fifty times a second, into the list."""
    seen, is_over = [own_bytes(pid)], Event()

    def look() -> None:
        while not is_over.wait(0.02):
            seen.append(own_bytes(pid))

    thread = Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def work_seconds(pid: int) -> float:
    """The processor's time so far, which a burdened machine stretches far less than that of the clock."""
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def server(port: int, log: Path) -> Child:
    options = ("--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--threads", "4", "--no-control-socket")
    return Child(
        name="web",
        argv=[sys.executable, "-m", "gunicorn", "matchsvc.wsgi:application", *options],
        log_path=log,
        is_ready=lambda: answers_healthy(port),
    )


def taken(url: str, cookie: str) -> tuple[float, float, int]:
    """Seconds until the first byte and until the last, and how many bytes."""
    began, size = perf_counter(), 0
    with build_opener(_Straight).open(Request(url, headers={"Cookie": cookie})) as answer:  # noqa: S310  (our own)
        size += len(answer.read(1))
        first = perf_counter() - began
        while piece := answer.read(PIECE):
            size += len(piece)
    return first, perf_counter() - began, size


def main(rows: int | None) -> None:
    client = Client()
    client.force_login(City().people[ADMINISTRATOR], backend="apps.accounts.backends.AccountBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    port = free_port(8960)
    with tempfile.TemporaryDirectory() as folder, running([child := server(port, Path(folder) / "web.log")]):
        worker = tree(child.pid)[-1]
        address = f"http://{HOST}:{port}/stats/proposals/export."
        for kind, most in MOST_ROWS.items():
            day, size = first_day(rows or most)
            taken(f"{address}{kind}?since={day}&until={day}", cookie)  # what the first one of a process loads
            worked = work_seconds(worker)
            with watched(worker) as seen:
                first, seconds, sent = taken(f"{address}{kind}?since={day}", cookie)
            grown = (max(seen) - seen[0]) / 2**20
            print(f"{kind}: {size:,} rows, {sent / 2**20:.1f} MiB, {first:.2f} s to the first byte, {seconds:.1f} s")
            Figure(
                figure=f"export_{kind}_{connection.vendor}",
                title=f"导出一个长列表时，网站进程最多增加的内存（{kind.upper()}，{NAMES[connection.vendor]}）",
                size=size,
                ours=grown,
                unit="MiB",
                must=MOST_MIB,
                extras={
                    "seconds": seconds,
                    "work_seconds": work_seconds(worker) - worked,
                    "first_byte_seconds": first,
                    "file_mib": sent / 2**20,
                    "process_mib_before": seen[0] / 2**20,
                    "load": os.getloadavg()[0],
                },
            ).report()


if __name__ == "__main__":
    main(size_asked(0) or None)
