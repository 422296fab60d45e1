"""Holding a site's worker still, so that what happens while nobody works can be looked at at leisure."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.e2e.conftest import Site


@contextmanager
def worker_stopped(site: Site) -> Iterator[None]:
    """Within the block the worker's processes stand still; afterwards they go on as if nothing had been."""
    processes = _worker_processes(site)
    assert processes, "the site has no worker"
    _send(processes, signal.SIGSTOP)
    try:
        while not _can_be_written(site):  # one was stopped in the middle of a transaction
            _send(processes, signal.SIGCONT)
            time.sleep(0.1)
            _send(processes, signal.SIGSTOP)
        yield
    finally:
        _send(processes, signal.SIGCONT)


def _send(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        os.kill(process, number)


def _can_be_written(site: Site) -> bool:
    """SQLite has one writer: whoever stands still with its lock would make everybody wait."""
    url = site.environment["DATABASE_URL"]
    if not url.startswith("sqlite:///"):
        return True
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0.2, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def _worker_processes(site: Site) -> list[int]:
    """Those that run Celery with this site's folder in their environment."""
    mine = f"MATCHSVC_VAR={site.var_dir}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # somebody else's, or just gone
            if b"celery" in (folder / "cmdline").read_bytes() and mine in (folder / "environ").read_bytes().split(
                b"\0"
            ):
                found.append(int(folder.name))
    return found
