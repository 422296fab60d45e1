"""`manage.py build_index`, and the tasks that do the same in the background."""

from io import StringIO
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from kombu.exceptions import OperationalError

from apps.matching import tasks
from apps.matching.index import claims, storage, upkeep
from apps.matching.models import GenerationState, IndexGeneration, Priority
from apps.matching.worker import CLOCKWORK

pytestmark = pytest.mark.usefixtures("no_encoder", "own_files", "need", "capability")


def build_index(*words: str) -> str:
    out = StringIO()
    call_command("build_index", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_it_builds_and_says_what() -> None:
    told = build_index()
    assert "索引 1：已发布，资源 1 条、需求 1 条" in told
    assert "用时" in told
    assert build_index("--status").splitlines()[1] == "不需要重建。"


def test_it_builds_only_if_due_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "不需要重建" in build_index("--if-due")
    assert not IndexGeneration.objects.exists()
    monkeypatch.setattr(upkeep, "FEW_ROWS", 0)
    assert "该重建了：还没有索引。" in build_index("--status")
    assert "索引 1" in build_index("--if-due")


def test_beside_another_builder_it_stands_back() -> None:
    claims.claim()
    with pytest.raises(CommandError, match="另一个进程"):
        build_index()


def test_it_finds_damage_and_has_it_built_anew() -> None:
    build_index()
    assert "索引 1 完好。" in build_index("--verify")
    folder = storage.obtain(upkeep.published()[0])
    (folder / "statistics.json").write_bytes(b"{}")
    with pytest.raises(CommandError, match="已标记"):
        build_index("--verify")
    assert IndexGeneration.objects.get().state == GenerationState.DAMAGED
    assert upkeep.due_because() == upkeep.Due.DAMAGED
    assert "statistics.json" in build_index("--status")


class TestInTheBackground:
    @pytest.fixture
    def sent(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
        messages: list[tuple[str, str]] = []
        monkeypatch.setattr(current_app, "send_task", lambda name, queue, **_: messages.append((name, queue)))
        return messages

    def test_workers_ask_often(self) -> None:
        assert CLOCKWORK["matching.index_due"] <= 60

    def test_a_build_is_asked_for_where_one_is_due(
        self, sent: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tasks.index_due()
        assert sent == []
        monkeypatch.setattr(upkeep, "FEW_ROWS", 0)
        tasks.index_due()
        assert sent == [("matching.index", Priority.BULK)]
        tasks.index()
        assert IndexGeneration.objects.get().state == GenerationState.PUBLISHED
        tasks.index()
        tasks.index_due()
        assert (IndexGeneration.objects.count(), len(sent)) == (1, 1)

    def test_none_is_asked_for_while_one_is_carried_out(
        self, sent: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(upkeep, "FEW_ROWS", 0)
        claims.claim()
        tasks.index_due()
        assert sent == []

    def test_a_broker_that_is_away_is_asked_again(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def refuse(*_: Any, **__: Any) -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr(upkeep, "FEW_ROWS", 0)
        monkeypatch.setattr(current_app, "send_task", refuse)
        tasks.index_due()
        assert "the next tick asks again" in caplog.text
