"""What processes read and never change is read before anybody waits for it."""

import gc

import pytest
from celery.signals import worker_init
from django.db import OperationalError, connections

from apps.matching import preloading, worker
from apps.matching.documents import engine_segmenter
from apps.matching.preloading import preload, preload_web


def test_a_worker_reads_what_is_shared_before_it_has_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[bool] = []
    monkeypatch.setattr(worker, "preload", lambda: called.append(True))
    assert worker.read_what_is_shared in [reference() for _key, reference in worker_init.receivers]
    worker.read_what_is_shared(sender=None)
    assert called == [True]


@pytest.mark.usefixtures("taxonomy")
def test_dictionary_and_encoder_are_read_and_left_alone_by_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(preloading, "current_encoder", lambda: done.append("encoder"))
    monkeypatch.setattr(connections, "close_all", lambda: done.append("connections"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    preload()
    assert done == ["connections", "encoder", "freeze"]
    assert "language" in vars(engine_segmenter())  # found with the first text, and then kept


def test_what_a_web_server_has_read_is_left_alone_by_the_collector_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the background, and after the dictionary and all views are there."""
    done: list[str] = []
    monkeypatch.setattr(preloading, "read_dictionary", lambda: done.append("dictionary"))
    monkeypatch.setattr(preloading, "reverse", done.append)
    monkeypatch.setattr(gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    preload_web().join()
    assert done == ["dictionary", "home", "collect", "freeze"]


def test_a_worker_starts_without_a_database_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        raise OperationalError("no server")

    monkeypatch.setattr(preloading, "engine_taxonomy", away)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    preload()
    assert "no server" in caplog.text
