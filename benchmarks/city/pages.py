"""How long the server takes for each list and dashboard of the city, 95 of 100 times, by Django's test client in this
process, beside a page of the same site that shows nothing but the person (the peer); and how much work that is.

It asks the database that DATABASE_URL names, which `manage.py seed_city --proposals 1000000` and
`benchmarks.city.trail` have filled; it writes there sessions, and what looking at a page writes.

    .venv/bin/python -m benchmarks.city.pages [ROUNDS [PART_OF_ADDRESS]]

The times hold on a machine that does nothing else. `work_ms` is the processor's time for a page, ours and that of the
database, which a burdened machine stretches far less.
"""

import math
import os
import statistics
import sys
from pathlib import Path
from time import perf_counter, process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
django.setup()

from django.core.cache import cache  # noqa: E402  (Django has to be set up first)
from django.db import connection  # noqa: E402  (as above)
from django.test import Client  # noqa: E402  (as above)
from django.test.utils import CaptureQueriesContext  # noqa: E402  (as above)

from apps.matching.models import Proposal  # noqa: E402  (as above)
from apps.matching.preloading import settle  # noqa: E402  (as above)
from benchmarks.city.people import City  # noqa: E402  (as above)
from benchmarks.city.places import PLACES, SME, VISITOR, Place  # noqa: E402  (as above)
from benchmarks.figure import Figure  # noqa: E402  (as above)

ROUNDS, OK = 40, 200
MOST_MS, MOST_QUERIES = 200.0, 15
PEER = Place(SME, "/accounts/profile/")
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}

type Row = dict[str, float | int | str]


def work_seconds() -> float:
    """The processor's time so far: of this process, and of the database's where it is another on this machine."""
    own = process_time()
    if connection.vendor != "postgresql":
        return own
    backend = Path(f"/proc/{_backend()}/stat")
    if not backend.exists():
        return own
    ticks = backend.read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return own + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _backend() -> int:
    driver: object = connection.connection
    return int(driver.info.backend_pid)  # type: ignore[attr-defined]  # psycopg's connection


def measured(client: Client, url: str, rounds: int) -> Row:
    """After one look that nobody times: the first one reads templates and marks what was seen."""
    cache.clear()  # as who looks often enough is told to wait
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
        count = len(queries)
    times, worked = [], work_seconds()
    for _round in range(rounds):
        started = perf_counter()
        response = client.get(url)
        if response.streaming:
            b"".join(response.streaming_content)  # type: ignore[attr-defined]  # of a streaming answer
        times.append(1000 * (perf_counter() - started))
        if response.status_code != OK:
            return {"p95_ms": 0.0, "median_ms": 0.0, "work_ms": 0.0, "queries": count, "status": response.status_code}
    times.sort()
    return {
        "p95_ms": round(times[math.ceil(0.95 * rounds) - 1], 1),
        "median_ms": round(statistics.median(times), 1),
        "work_ms": round(1000 * (work_seconds() - worked) / rounds, 1),
        "queries": count,
    }


class Visits:
    """The signed-in clients of the city's people."""

    def __init__(self) -> None:
        self.city = City()
        self.clients = {VISITOR: Client(raise_request_exception=False)}
        for who, user in self.city.people.items():
            self.clients[who] = Client(raise_request_exception=False)
            self.clients[who].force_login(user, backend="apps.accounts.backends.AccountBackend")

    def of(self, place: Place, rounds: int) -> Row:
        return measured(self.clients[place.who], place.url.format_map(self.city.names), rounds)


def main(rounds: int, part: str) -> None:
    settle()  # as a process of a web server does when it starts
    visits = Visits()
    rows: list[Row] = []
    peer = visits.of(PEER, rounds)
    for place in PLACES:
        if part in place.url:
            found = visits.of(place, rounds)
            rows.append({"who": place.who, "url": place.url, **found})
            print(
                f"{found['p95_ms']:>8} ms p95 {found['work_ms']:>8} ms work {found['queries']:>3} queries  "
                f"{place.who:<13} {place.url} {found.get('status', '')}",
                flush=True,
            )
    if broken := [row for row in rows if "status" in row]:
        raise SystemExit(f"No page: {broken}")
    if not part:
        report(rows, peer, rounds)


def report(rows: list[Row], peer: Row, rounds: int) -> None:
    """The slowest page and the one that asks most, with all the others beside."""
    vendor, proposals = connection.vendor, Proposal.objects.count()
    slowest, asking = max(rows, key=_time), max(rows, key=_queries)
    common = {"rounds": rounds, "pages_measured": len(rows), "load": os.getloadavg()[0], "cores": os.cpu_count()}
    Figure(
        figure=f"pages_{vendor}",
        title=f"最慢的列表或统计页（{NAMES[vendor]}，p95）",
        size=proposals,
        ours=_time(slowest),
        unit="ms",
        must=MOST_MS,
        extras=common | {"slowest": slowest, "peer_page": peer, "pages": rows},
    ).report()
    Figure(
        figure=f"pages_queries_{vendor}",
        title=f"查询最多的列表或统计页（{NAMES[vendor]}）",
        size=proposals,
        ours=float(_queries(asking)),
        unit="次",
        must=float(MOST_QUERIES),
        extras=common | {"asking_most": asking},
    ).report()


def _time(row: Row) -> float:
    return float(row["p95_ms"])


def _queries(row: Row) -> int:
    return int(row["queries"])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS, sys.argv[2] if len(sys.argv) > 2 else "")
