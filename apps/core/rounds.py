"""Many rows, each for itself: rounds of the clockwork, and what a person does to several at a time."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import transaction

from apps.core.errors import DomainError, StateConflict

logger = logging.getLogger(__name__)


def deal_with_each[Row](rows: Iterable[Row], act: Callable[[Row], object], *, most: int | None = None) -> int:
    """How many rows `act` did something about, at most `most`. One that fails does not hold up those behind it."""
    count = 0
    for row in rows:
        if count == most:
            break
        try:
            with transaction.atomic():
                count += bool(act(row))
        except StateConflict:  # somebody changed it at this very moment
            continue
        except Exception:
            logger.exception("%s cannot be done for %s.", act.__qualname__, getattr(row, "pk", row))
    return count


class Tried(NamedTuple):
    """How many were done; of the others the title, and why not."""

    done: int
    refused: list[str]


def try_each(rows: Iterable[Any], act: Callable[[Any], object]) -> Tried:
    """One that a colleague has just changed does not keep the others from it."""
    done, refused = 0, []
    for row in rows:
        try:
            act(row)
            done += 1
        except DomainError as error:
            refused.append(f"{row.title}：{error.message}")
    return Tried(done, refused)
