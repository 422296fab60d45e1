"""From publishing a capability in one process until another finds it; from archiving it until that finds it no more.

Process A is a web server's stand-in: it calls the service, in a transaction as always. Process B has the index of SIZE
capabilities open and searches for the listing's own words, again and again, as fast as it can; the capability counts
as found where it is among the best 20. Timed from the call of the service until B's search that shows it has returned.

    .venv/bin/python -m benchmarks.processes.published_to_found [SIZE]
"""

import statistics
from typing import Any

from benchmarks.figure import Figure, size_asked
from benchmarks.processes.inside import Inside
from benchmarks.processes.installation import SMALLEST_MEASUREMENT, broker_alone, copy_with_index

CAPABILITIES, FEW_CAPABILITIES = 20, 2


def main(size: int) -> None:
    count = CAPABILITIES if size >= SMALLEST_MEASUREMENT else FEW_CAPABILITIES
    with (
        copy_with_index(size) as (folder, own),
        broker_alone(folder, own) as environment,
        Inside("publisher", count, environment=environment) as publisher,
        Inside("finder", environment=environment) as finder,
    ):
        opened, drafts = finder.answer(), publisher.answer()["drafts"]
        found = [time_of("publish", draft, publisher, finder) for draft in drafts]
        gone = [time_of("archive", draft, publisher, finder) for draft in drafts]
    report(size, found, gone, is_open=opened["capabilities"])


def time_of(action: str, capability: int, publisher: Inside, finder: Inside) -> float:
    """The seconds from the call until the other process's search shows what was done."""
    finder.ask(capability=capability, like=capability, is_wanted=action == "publish")
    called: dict[str, Any] = publisher.ask(action=action, capability=capability)
    return float(finder.answer()["at"] - called["began"])


def report(size: int, found: list[float], gone: list[float], *, is_open: int) -> None:
    Figure(
        figure="published_to_found",
        title="资源发布后被另一进程搜到（中位数）",
        size=size,
        ours=statistics.median(found),
        unit="s",
        must=2.0,
        aim=0.5,
        extras={
            "capabilities": len(found),
            "open_in_index": is_open,
            "most": max(found),
            "median_withdrawn": statistics.median(gone),
            "most_withdrawn": max(gone),
        },
    ).report()


if __name__ == "__main__":
    main(size_asked(1_000_000))
