"""Every endpoint × every role: what comes back, as told by permissions.csv. An endpoint without a row fails."""

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLResolver, reverse
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.core.remembered import Remembered
from matchsvc import api_urls
from tests.api.described import told_otherwise
from tests.api.scenes import SCENES, World

TABLE = Path(__file__).with_name("permissions.csv")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def endpoints(patterns: Iterable[Any]) -> set[tuple[str, str]]:
    """(name of the URL, method) of every view below; each has a class that knows its methods."""
    found: set[tuple[str, str]] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= endpoints(pattern.url_patterns)
            continue
        view = pattern.callback
        view_class = view.cls  # as DRF's `as_view` leaves it
        names = getattr(view, "actions", None) or [name for name in METHODS if hasattr(view_class, name.lower())]
        found |= {(str(pattern.name), name.upper()) for name in names if name.upper() in METHODS}
    return found


def test_every_endpoint_has_a_row_and_every_row_an_endpoint() -> None:
    there = endpoints(api_urls.urlpatterns)
    assert there == {(row["endpoint"], row["method"]) for row in rows()}
    assert there == set(SCENES)


@contextmanager
def forgotten(role: str) -> Iterator[None]:
    """What one role writes is gone before the next. An error names the role."""
    for kept in Remembered.every:
        kept.keep_nothing()
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    except Exception as error:
        error.add_note(f"It was played by: {role}")
        raise


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['endpoint']}-{row['method']}")
def test_each_role_gets_what_the_table_says(
    api: Callable[..., APIClient], world: World, cast: dict[str, User | None], row: dict[str, str]
) -> None:
    method, answers = row["method"], {}
    scene = SCENES[row["endpoint"], method](world)
    url, sent = reverse(f"api:{row['endpoint']}", kwargs=scene.kwargs), scene.sent
    for role, person in cast.items():
        with forgotten(role):
            answers[role] = api(person).generic(method, url, **sent)
    expected = {role: int(row[role]) for role in cast}
    otherwise = {
        role: told_otherwise(url, method, answer.status_code, answer.content)
        for role, answer in answers.items()
        if answer.get("Content-Type") == "application/json"
    }
    told = {role: answer.content.decode() for role, answer in answers.items() if answer.status_code != expected[role]}
    assert {role: answer.status_code for role, answer in answers.items()} == expected, told
    assert {role: found for role, found in otherwise.items() if found} == {}


@pytest.mark.parametrize("endpoint", sorted({row["endpoint"] for row in rows()}))
def test_no_endpoint_takes_a_method_that_the_table_does_not_name(
    api: Callable[..., APIClient], world: World, administrator: User, endpoint: str
) -> None:
    named = {method for name, method in SCENES if name == endpoint}
    scene = SCENES[endpoint, min(named)](world)
    url = reverse(f"api:{endpoint}", kwargs=scene.kwargs)
    answers = {method: api(administrator).generic(method, url).status_code for method in {*METHODS} - named}
    assert answers == dict.fromkeys(answers, 405)


def test_no_endpoint_breaks_when_it_is_asked_what_it_takes(
    api: Callable[..., APIClient], world: World, administrator: User
) -> None:
    """That is told by the schema alone."""
    program = api(administrator)
    answers = {
        endpoint: program.options(reverse(f"api:{endpoint}", kwargs=scene(world).kwargs)).status_code
        for (endpoint, _method), scene in SCENES.items()
    }
    assert {code for code in answers.values() if code not in (200, 405)} == set(), answers
