"""What the tests of the office share."""

import pytest

from apps.matching import requests


@pytest.fixture(autouse=True)
def no_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is asked."""
    monkeypatch.setattr(requests, "send_hints", lambda ids, priority: None)
