"""Keeping the filter of a list, and looking for news some time later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.core import clock
from apps.notifications import outbox
from apps.notifications.models import Notification
from apps.searches.lists import list_of
from apps.searches.models import SavedSearch
from apps.searches.services import look_for_news, search_save

type Keep = Callable[..., SavedSearch]


@pytest.fixture(autouse=True)
def no_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is asked."""
    monkeypatch.setattr(outbox, "send_hints", lambda letters, **_: None)


@pytest.fixture
def keep() -> Keep:
    """Keep a filter of a list, saved an hour ago: what is made in a test is new."""

    def keep_one(user: User, key: str = "needs.board", name: str = "", **params: str) -> SavedSearch:
        source = list_of(key)
        assert source is not None
        with clock.at(clock.now() - timedelta(hours=1)):
            return search_save(source=source, params=params, by=user, name=name)

    return keep_one


def told(user: User) -> list[Notification]:
    return list(Notification.objects.filter(recipient=user, topic="searches").order_by("pk"))


def look(**arguments: Any) -> int:
    return look_for_news(**arguments)
