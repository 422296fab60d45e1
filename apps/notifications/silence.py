"""For commands that write histories: nobody is told today of what happened years ago."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_is_silent: ContextVar[bool] = ContextVar("notifications_are_silent", default=False)


@contextmanager
def without_notifications() -> Iterator[None]:
    """Within the block, `notify` does nothing."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def is_silent() -> bool:
    return _is_silent.get()
