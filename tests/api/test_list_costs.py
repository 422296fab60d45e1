"""Every list of the API asks the database as often for two rows as for twelve, whoever reads it.

The lists are those of the schema: a new one has no filler in `lists.py` yet, and fails.
"""

from collections.abc import Callable
from io import StringIO
from typing import Any, NamedTuple

import pytest
import yaml
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.core.remembered import Remembered
from apps.review.queues import QUEUES
from tests.api import lists
from tests.api.lists import LISTS
from tests.api.scenes import World

type Api = Callable[..., APIClient]


class Look(NamedTuple):
    rows: int
    queries: int


def lists_of_schema() -> set[str]:
    """The paths whose GET answers with rows: an array, or an object with `results`."""
    written = StringIO()
    call_command("spectacular", stdout=written, stderr=StringIO())
    schema = yaml.safe_load(written.getvalue())

    def has_rows(operation: dict[str, Any]) -> bool:
        [content] = operation["responses"]["200"]["content"].values()
        shape = content["schema"]
        shape = schema["components"]["schemas"].get(shape.get("$ref", "").rpartition("/")[2], shape)
        return shape.get("type") == "array" or "results" in shape.get("properties", {})

    return {path for path, methods in schema["paths"].items() if "get" in methods and has_rows(methods["get"])}


def test_every_list_of_the_schema_and_every_queue_has_a_filler() -> None:
    assert {address.partition("?")[0] for address in LISTS} == lists_of_schema()
    assert set(lists.QUEUES) == set(QUEUES)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_however_long_it_is(api: Api, world: World, cast: dict[str, Any], address: str) -> None:
    filler = LISTS[address]
    row = filler.inside(world) if filler.inside else None
    path, _, query = address.format(public_id=getattr(row, "public_id", "")).partition("?")

    def look(person: Any) -> Look | None:
        """None for those who may not."""
        for kept in Remembered.every:
            kept.keep_nothing()
        program = api(person)
        with CaptureQueriesContext(connection) as asked:
            answer = program.get(f"{path}?page_size=100&{query}")
        if answer.status_code != 200:
            return None
        told = answer.json()
        return Look(len(told if isinstance(told, list) else told["results"]), len(asked))

    def look_of_all() -> dict[str, Look]:
        seen = {role: look(person) for role, person in cast.items()}
        return {role: one for role, one in seen.items() if one is not None}

    def fill(times: int) -> None:
        for _time in range(times):
            filler.fill(world, row)

    fill(2)
    look_of_all()  # what a process asks once
    few = look_of_all()
    fill(10)
    many = look_of_all()
    assert filler.of_code or any(many[role].rows >= few[role].rows + 10 for role in few), (few, many)
    assert {role: many[role].queries for role in few} == {role: few[role].queries for role in few}
