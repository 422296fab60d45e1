"""What every test of the API needs: request limits that start at zero, and programs that act for the cast."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import Organisation, User
from tests.api.scenes import World

type Person = User | None
ROLES = ("anonymous", "sme_owner", "colleague", "professor", "stranger", "broker", "reviewer", "administrator")


@pytest.fixture(autouse=True)
def fresh_limits(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Hundreds of requests a second come from one address here; what they upload goes with the test."""
    settings.MEDIA_ROOT = tmp_path
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def api(taxonomy: None) -> Callable[[Person], APIClient]:
    """A program that acts for a person, or for nobody."""

    def program(person: Person = None) -> APIClient:
        client = APIClient()
        if person is not None:
            client.force_login(person, backend="apps.accounts.backends.AccountBackend")
        return client

    return program


@pytest.fixture
def world(enterprise: Organisation, university: Organisation, sme_owner: User, professor: User) -> World:
    return World(enterprise, university, sme_owner, professor)


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> dict[str, User | None]:
    """Who plays each role."""
    return {role: None if role == "anonymous" else request.getfixturevalue(role) for role in ROLES}
