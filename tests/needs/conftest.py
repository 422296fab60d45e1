"""Needs in the states that the tests of this folder start from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.dispatch import Signal

from apps.accounts.models import Organisation, OrganisationState, User
from apps.core import suggestions
from apps.needs import analysis
from apps.needs.models import Need, NeedState
from tests.factories import make_need
from tests.needs.element_reader import Reader


@pytest.fixture
def draft(enterprise: Organisation, sme_owner: User) -> Need:
    """Complete: it only has to be submitted."""
    return make_need(organisation=enterprise, state=NeedState.DRAFT, contact=sme_owner, created_by=sme_owner)


@pytest.fixture
def published(enterprise: Organisation, sme_owner: User) -> Need:
    return make_need(organisation=enterprise, contact=sme_owner, created_by=sme_owner)


@pytest.fixture
def unverified(enterprise: Organisation) -> Organisation:
    enterprise.state = OrganisationState.PENDING
    enterprise.verified_at = None
    enterprise.save()
    return enterprise


@contextmanager
def heard(signal: Signal) -> Iterator[list[dict[str, Any]]]:
    """Collects what a signal was sent with."""
    calls: list[dict[str, Any]] = []

    def listen(sender: object, **sent: Any) -> None:
        calls.append(sent)

    signal.connect(listen)
    try:
        yield calls
    finally:
        signal.disconnect(listen)


@pytest.fixture
def hearing() -> Any:
    return heard


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """In place of the engine; tags and indicators are none of its business."""
    made = Reader()
    monkeypatch.setattr(analysis, "_registered", [made])
    monkeypatch.setattr(suggestions, "_registered", [])
    return made
