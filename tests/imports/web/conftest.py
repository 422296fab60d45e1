"""What each import of a test needs: a folder of its own, and the messages it would have sent."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from apps.imports import work


@pytest.fixture(autouse=True)
def folder(taxonomy: None, tmp_path: Path, settings: LazySettings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr(work, "send_hint", sent.append)
    return sent
