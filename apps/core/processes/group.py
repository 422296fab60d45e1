"""Several children as one: started in order, watched together, stopped in the opposite order."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from apps.core.processes.child import Child

WATCH_SECONDS = 0.5
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def running(children: Sequence[Child]) -> Iterator[None]:
    """Start all, wait until each is ready, and stop all of them at the end, whatever happened.

    Raises ChildFailedError when one of them does not start.
    """
    started: list[Child] = []
    try:
        for child in children:
            started.append(child)
            child.start()
        for child in children:
            child.wait_until_ready()
        yield
    finally:
        stop_all(started)


def stop_all(children: Sequence[Child]) -> None:
    """Stop the last one first: the web takes no more work, the worker finishes its own, the broker goes last."""
    for child in reversed(children):
        child.stop()


def watch(children: Sequence[Child]) -> None:
    """Return never; raises ChildFailedError when a child dies, KeyboardInterrupt when the person has had enough."""
    while True:
        for child in children:
            child.check_alive()
        time.sleep(WATCH_SECONDS)


@contextmanager
def stop_signals_raise() -> Iterator[None]:
    """Inside, SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt once; a second one is ignored, so that stopping
    is not itself stopped half-way. Needed for SIGINT too: a shell starts background jobs with it switched off."""
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}

    def raise_once(number: int, frame: object) -> None:
        for each in STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in STOP_SIGNALS:
        signal.signal(number, raise_once)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
