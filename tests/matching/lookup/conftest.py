"""What the tests of looking further share: an own cache, obedient workers, resources of many sorts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityKind
from apps.matching import tasks
from apps.matching.lookup.asking import Lookup, lookup_ask, lookup_read
from apps.matching.lookup.conditions import Conditions
from apps.needs.models import Need
from apps.taxonomy.models import Term
from tests.factories import make_capability

type Messages = list[tuple[str, Any]]


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> Iterator[None]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "lookup"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Messages:
    """Messages to the workers; no broker is asked."""
    messages: Messages = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **message: messages.append((name, message)))
    return messages


@pytest.fixture
def look(sent: Messages) -> Callable[..., Lookup]:
    """Ask, let the workers do what they were told, and read."""

    def looked(need: Need, by: User, **conditions: list[str]) -> Lookup:
        chosen = Conditions.of(**conditions)
        lookup_ask(need=need, conditions=chosen, by=by)
        carry_out(sent)
        return lookup_read(need=need, conditions=chosen, by=by)

    return looked


def carry_out(sent: Messages) -> None:
    while sent:
        name, message = sent.pop(0)
        assert name == "matching.lookup"
        tasks.lookup(*message["args"])


@pytest.fixture
def resources(need: Need, university: Organisation) -> list[Capability]:
    """Every kind in two districts with two cooperation modes, and titles that fit the need more or less."""
    districts = list(Term.objects.filter(vocabulary="district")[:2])
    modes = list(Term.objects.filter(vocabulary="cooperation_mode", code__in=("entrusted", "transfer")))
    titles = ("轧辊激光熔覆涂层", "轧辊修复", "耐磨涂层", "表面处理")
    rows = []
    for number, kind in enumerate(kind for kind in CapabilityKind.values for _ in range(4)):
        row = make_capability(
            organisation=university, kind=kind, district=districts[number % 2], title=f"{titles[number % 4]}{number}"
        )
        row.cooperation_modes.set([modes[number // 2 % 2]])
        rows.append(row)
    return rows
