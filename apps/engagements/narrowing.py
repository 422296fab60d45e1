"""What a list or board of cases is narrowed to, and the board itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.accounts.models import User
from apps.core import clock
from apps.core.mentions import mentioning
from apps.engagements.lifecycle import STEPS
from apps.engagements.models import CLOSED_STATES, Engagement, EngagementState

MOST_CARDS = 30
PAIR = ("proposal__need__", "proposal__capability__")


def narrowed(rows: QuerySet[Engagement], user: User, chosen: Mapping[str, str]) -> QuerySet[Engagement]:
    """The rows that fit what was chosen: words of the titles or organisations, step, person, day, outcomes.

    Organisations that are not named yet are not found by their names.
    """
    if words := chosen.get("q", ""):
        named = mentioning(words, *(f"{side}organisation__name" for side in PAIR)) & Q(awaits_agreement=False)
        rows = rows.filter(mentioning(words, *(f"{side}title" for side in PAIR)) | named)
    if state := chosen.get("state", ""):
        rows = rows.filter(state=state)
    for name, conditions in (("who", _who(user)), ("due", _due()), ("outcomes", OUTCOMES)):
        if chosen.get(name, "") in conditions:
            rows = rows.filter(conditions[chosen[name]])
    return rows


OUTCOMES = {"waiting": Q(waiting_count__gt=0), "confirmed": Q(confirmed_count__gt=0), "none": Q(outcomes=None)}


def _who(user: User) -> dict[str, Q]:
    return {"mine": Q(owner=user), "broker": Q(broker=user), "nobody": Q(owner=None)}


def _due() -> dict[str, Q]:
    today, going = clock.today(), ~Q(state__in=CLOSED_STATES)
    return {
        "overdue": Q(due_on__lt=today) & going,
        "week": Q(due_on__range=(today, today + timedelta(days=7))) & going,
        "none": Q(due_on=None) & going,
    }


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One step of the board: the cases whose day comes first, at most `MOST_CARDS` of `count`."""

    state: str
    label: str
    count: int
    rows: list[Engagement]
    is_current: bool


def board_of(rows: QuerySet[Engagement], step: str) -> list[BoardColumn]:
    """A column for each step; `step` names the one that a phone shows first, else the first that has cases."""
    by_day = (F("due_on").asc(nulls_last=True), "state_since", "id")
    of_step: dict[str, Any] = {"partition_by": "state"}
    place, count = Window(RowNumber(), order_by=by_day, **of_step), Window(Count("pk"), **of_step)
    placed = rows.order_by().annotate(place=place, count=count).filter(place__lte=MOST_CARDS)
    cards = list(placed.values_list("state", "count", "pk").order_by("place"))
    counts = {state: number for state, number, _pk in cards}
    there = rows.order_by().in_bulk([pk for _state, _count, pk in cards])
    steps: list[Any] = [*STEPS, EngagementState.ENDED]
    if step not in steps:
        step = next((state for state in steps if counts.get(state)), steps[0])
    return [
        BoardColumn(
            state=state,
            label=str(state.label),
            count=counts.get(state, 0),
            rows=[there[pk] for of, _count, pk in cards if of == state and pk in there],
            is_current=state == step,
        )
        for state in steps
    ]
