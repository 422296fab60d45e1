"""Needs per second with two worker processes against one, on PostgreSQL and Redis.

Each round starts a worker of one process, then of two, lets it match some needs to warm up, and times several hundred
more from the moment they are asked for until the last is done. What a round wrote is removed before the next, so that
each does the same work. PostgreSQL is the server of DATABASE_URL, or the local one; the scratch database is dropped
afterwards, and so are the keys on Redis (REDIS_URL, or the local one's last database).

    .venv/bin/python -m benchmarks.processes.workers_scaling [SIZE]
"""

import os
import secrets
import statistics
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from apps.core.processes.group import running
from apps.core.processes.servers import worker_child
from benchmarks.figure import RUNS, Figure, size_asked
from benchmarks.processes.inside import Inside, run_inside
from benchmarks.processes.installation import SMALLEST_MEASUREMENT, scratch_folder

LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
LOCAL_REDIS = "redis://127.0.0.1:6379/15"
WORKERS = (1, 2)
NEEDS, WARM_UPS = 150, 30
FEW = (1, 6, 2)
"""As much of all three in a try."""


def main(size: int) -> None:
    rounds, needs, warm_ups = (RUNS, NEEDS, WARM_UPS) if size >= SMALLEST_MEASUREMENT else FEW
    with scratch_folder() as folder, servers(folder) as environment:
        run_inside("city", size, needs + warm_ups, environment=environment)
        run_inside("settle", environment=environment)
        seconds: dict[int, list[float]] = {count: [] for count in WORKERS}
        for _ in range(rounds):
            for count in WORKERS:
                seconds[count].append(measure(count, needs, warm_ups, folder, environment))
    report(size, needs, seconds)


def measure(workers: int, needs: int, warm_ups: int, folder: Path, environment: Mapping[str, str]) -> float:
    """The seconds that a worker of so many processes takes for the needs."""
    log = folder / f"{workers}-workers.log"
    worker = worker_child(log_path=log, environment=environment, concurrency=workers)
    with running([worker]), Inside("queue", environment=environment) as queue:
        queue.ask(action="match", first=0, count=warm_ups)
        seconds = float(queue.ask(action="match", first=warm_ups, count=needs)["seconds"])
        queue.ask(action="forget")
    return seconds


@contextmanager
def servers(folder: Path) -> Iterator[Mapping[str, str]]:
    """What the processes are told: a scratch database, and names of their own on a shared Redis."""
    given = os.environ.get("DATABASE_URL", "")
    server = (given if given.startswith("postgres") else LOCAL_POSTGRES).rpartition("/")[0]
    name, prefix = f"matchsvc_speed_{secrets.token_hex(4)}", f"speed-{secrets.token_hex(4)}:"
    broker = os.environ.get("REDIS_URL") or LOCAL_REDIS
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield {
                "MATCHSVC_MODE": "demo",
                "MATCHSVC_VAR": str(folder),
                "DATABASE_URL": f"{server}/{name}",
                "REDIS_URL": broker,
                "REDIS_KEY_PREFIX": prefix,
                "LOG_LEVEL": "WARNING",
            }
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            with redis.Redis.from_url(broker) as client:
                for key in client.scan_iter(f"{prefix}*"):
                    client.delete(key)


def report(size: int, needs: int, seconds: Mapping[int, list[float]]) -> None:
    rates = {count: needs / statistics.median(times) for count, times in seconds.items()}
    Figure(
        figure="workers_scaling",
        title="每秒匹配的需求数：两个工作进程对一个（Redis + PostgreSQL）",
        size=size,
        ours=rates[2],
        peer=rates[1],
        peer_name="一个工作进程",
        unit="条/s",
        must=1.7,
        aim=1.9,
        at_least=True,
        extras={"needs": needs, "rounds": len(seconds[1]), "seconds_of_one": seconds[1], "seconds_of_two": seconds[2]},
    ).report()


if __name__ == "__main__":
    main(size_asked(10_000))
