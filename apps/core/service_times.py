"""How soon the city's own people decide: an app that has people wait registers its measure, the statistics tell it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.core.tables.columns import Column


@dataclass(frozen=True, slots=True)
class Within:
    """From `since` until before `until`; keys of districts (none: all), of a chain and of a tier (0: all)."""

    since: datetime
    until: datetime
    districts: tuple[int, ...] = ()
    chain: int = 0
    tier: int = 0


@dataclass(frozen=True, slots=True)
class Waits:
    """Of `count` decisions: the median wait, and the share in percent that kept the goal; None where none was."""

    count: int
    median_hours: float | None
    percent_in_time: float | None


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """`rows` are the decisions, the latest first; `measure` counts the same ones. `address` leads to a row's page."""

    key: str
    label: Any
    median_label: Any
    definition: Any
    rows: Callable[[Within], QuerySet[Any]]
    measure: Callable[[Within], Waits]
    columns: tuple[Column, ...]
    address: Callable[[Any], str]


_times: dict[str, ServiceTime] = {}


def register_service_time(time: ServiceTime) -> None:
    """At start-up. ValueError where the key is another's."""
    if _times.setdefault(time.key, time) is not time:
        raise ValueError(f"The service time {time.key} is registered twice.")


def registered_service_times() -> dict[str, ServiceTime]:
    return _times
