"""Holding a site's worker still, so that what happens while nobody works can be looked at at leisure."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.e2e.conftest import Site


@contextmanager
def worker_stopped(site: Site) -> Iterator[None]:
    """Within the block the worker's processes stand still; afterwards they go on as if nothing had been."""
    processes = _worker_processes(site)
    assert processes, "the site has no worker"
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


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
