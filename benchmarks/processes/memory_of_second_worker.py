"""The memory that a second worker process adds to a worker, against all that the worker takes with one.

A worker of one process matches some needs, and the PSS of all its processes is added up; then one of two processes
does, over the same needs and over them again, until both have the index mapped. Both run on the embedded default. PSS
shares the pages of the index's files, and those that Python's processes have in common, among those who map them.

    .venv/bin/python -m benchmarks.processes.memory_of_second_worker [SIZE]
"""

from collections.abc import Mapping
from pathlib import Path

from apps.core.processes.group import running
from apps.core.processes.servers import worker_child
from benchmarks.figure import Figure, size_asked
from benchmarks.processes.inside import Inside
from benchmarks.processes.installation import INDEX_FOLDER, SMALLEST_MEASUREMENT, broker_alone, copy_with_index
from benchmarks.processes.memory import maps_files_below, pss_bytes, tree

NEEDS, FEW_NEEDS = 60, 8
MOST_PASSES = 10


class OneAloneError(Exception):
    """One of two worker processes has done all the work, time and again."""


def main(size: int) -> None:
    needs = NEEDS if size >= SMALLEST_MEASUREMENT else FEW_NEEDS
    with copy_with_index(size) as (folder, own), broker_alone(folder, own) as environment:
        first, both = (occupied(count, needs, folder, environment) for count in (1, 2))
    report(size, needs, first, both)


def occupied(processes: int, needs: int, folder: Path, environment: Mapping[str, str]) -> int:
    """Bytes of a worker of so many processes, each of which has matched needs."""
    log = folder / "log" / f"worker-of-{processes}.log"
    worker = worker_child(log_path=log, environment=environment, concurrency=processes)
    with running([worker]), Inside("queue", environment=environment) as queue:
        for done in range(MOST_PASSES):
            queue.ask(action="match", first=0, count=needs)
            queue.ask(action="forget")
            if done and readers_of_index(worker.pid, folder) == processes:
                return sum(map(pss_bytes, tree(worker.pid)))
    raise OneAloneError(f"{needs} needs, {MOST_PASSES} times over, and not all of {processes} processes took part.")


def readers_of_index(pid: int, folder: Path) -> int:
    return sum(maps_files_below(each, folder / INDEX_FOLDER) for each in tree(pid))


def report(size: int, needs: int, first: int, both: int) -> None:
    Figure(
        figure="memory_of_second_worker",
        title="第二个工作进程增加的内存（PSS）对只有一个进程时",
        size=size,
        ours=(both - first) / 2**20,
        peer=first / 2**20,
        peer_name="一个工作进程",
        unit="MiB",
        must=0.15,
        aim=0.05,
        extras={"needs": needs},
    ).report()


if __name__ == "__main__":
    main(size_asked(1_000_000))
