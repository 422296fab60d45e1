"""Every endpoint × every role: what comes back, as told by permissions.csv. An endpoint without a row fails."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLResolver, reverse
from rest_framework.test import APIClient

from apps.accounts.models import Organisation, User
from matchsvc import api_urls
from tests.api.scenes import SCENES, World

TABLE = Path(__file__).with_name("permissions.csv")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES = ("anonymous", "sme_owner", "colleague", "professor", "stranger", "broker", "reviewer", "administrator")


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


@pytest.fixture
def world(enterprise: Organisation, university: Organisation, sme_owner: User, professor: User) -> World:
    return World(enterprise, university, sme_owner, professor)


@pytest.mark.parametrize(
    ("endpoint", "method", "role", "expected"),
    [(row["endpoint"], row["method"], role, int(row[role])) for row in rows() for role in ROLES],
)
def test_each_role_gets_what_the_table_says(
    api: Callable[..., APIClient],
    world: World,
    request: pytest.FixtureRequest,
    endpoint: str,
    method: str,
    role: str,
    expected: int,
) -> None:
    person = None if role == "anonymous" else request.getfixturevalue(role)
    scene = SCENES[endpoint, method](world)
    url = reverse(f"api:{endpoint}", kwargs=scene.kwargs)
    response = api(person).generic(method, url, **scene.sent)
    assert response.status_code == expected, response.content.decode()


@pytest.mark.parametrize("endpoint", sorted({row["endpoint"] for row in rows()}))
def test_no_endpoint_takes_a_method_that_the_table_does_not_name(
    api: Callable[..., APIClient], world: World, administrator: User, endpoint: str
) -> None:
    named = {method for name, method in SCENES if name == endpoint}
    scene = SCENES[endpoint, min(named)](world)
    url = reverse(f"api:{endpoint}", kwargs=scene.kwargs)
    answers = {method: api(administrator).generic(method, url).status_code for method in {*METHODS} - named}
    assert answers == dict.fromkeys(answers, 405)
