"""What every test of the API needs: request limits that start at zero, and programs that act for the cast."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User

type Person = User | None


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
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return program
