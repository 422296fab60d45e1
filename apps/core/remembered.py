"""What every page asks and seldom changes, kept by a process for a few seconds instead of asked for each time."""

import time
from collections.abc import Callable
from typing import ClassVar

KEPT_SECONDS = 5.0
"""So long may another process show the old state after a change."""


class Remembered[Value]:
    """The value of `load`, at most KEPT_SECONDS old; `forget` after a change, so that who made it sees it at once."""

    every: ClassVar[list["Remembered[object]"]] = []

    def __init__(self, load: Callable[[], Value], *, nothing: Value) -> None:
        """`nothing` is the value of an empty database."""
        self._load, self.nothing = load, nothing
        self._kept: tuple[float, Value] | None = None
        self.every.append(self)  # type: ignore[arg-type]  # a list of all of them, whatever they keep

    def value(self) -> Value:
        kept = self._kept
        if kept is None or kept[0] < time.monotonic():
            kept = self._kept = (time.monotonic() + KEPT_SECONDS, self._load())
        return kept[1]

    def forget(self) -> None:
        self._kept = None

    def keep_nothing(self) -> None:
        """As if an empty database had just been asked. For tests, which begin with one."""
        self._kept = (time.monotonic() + 3600, self.nothing)
