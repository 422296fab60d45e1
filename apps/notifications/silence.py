"""For commands that write histories: nobody is told today of what happened years ago.

And for events of which a letter goes out by another way: they are told in the site only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_is_silent: ContextVar[bool] = ContextVar("notifications_are_silent", default=False)
_holds_letters: ContextVar[bool] = ContextVar("notifications_hold_letters", default=False)


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


@contextmanager
def without_letters() -> Iterator[None]:
    """Within the block, `notify` tells people in the site, and sends neither e-mail nor posts."""
    token = _holds_letters.set(True)
    try:
        yield
    finally:
        _holds_letters.reset(token)


def letters_are_held() -> bool:
    return _holds_letters.get()
