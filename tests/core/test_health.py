"""/readyz: each check turns it, and says so."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.test import Client

from apps.core import clock
from apps.matching.models import GenerationState, IndexGeneration, MatchRequest, Priority, Rematch, RematchScope
from apps.matching.rematches.services import rematch_start
from apps.matching.rematches.targets import Target
from matchsvc import health
from matchsvc.celery import app as celery_app
from tests.factories import make_need


@pytest.fixture
def broker_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker's own check is tried below and by the journeys on real processes."""
    monkeypatch.setitem(health.CHECKS, "broker", lambda: "ok")


@pytest.mark.django_db
@pytest.mark.usefixtures("broker_is_up")
def test_an_installation_where_everything_answers_is_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "checks": {"database": "ok", "broker": "ok", "matching": "ok"},
        "notes": {"encoder": "ok", "bulk": "ok", "rematch": "ok", "index": "ok"},
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("broker_is_up")
def test_a_missing_encoder_is_told_but_is_no_fault(client: Client, settings: LazySettings, tmp_path: Path) -> None:
    settings.MATCHING_ENCODER = str(tmp_path / "nothing")
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["notes"]["encoder"] == "missing: meanings are not compared"
    assert str(tmp_path) not in response.content.decode()


@pytest.mark.usefixtures("broker_is_up", "taxonomy")
def test_work_that_nobody_takes_up_is_a_fault(client: Client) -> None:
    due = clock.now() - timedelta(minutes=3)
    MatchRequest.objects.create(need=make_need(), input_version=1, due_at=due)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "has been due for 180 s" in response.json()["checks"]["matching"]


@pytest.mark.usefixtures("broker_is_up", "taxonomy")
def test_work_that_has_just_come_in_is_no_fault(client: Client) -> None:
    MatchRequest.objects.create(need=make_need(), input_version=1, due_at=clock.now())
    assert client.get("/readyz").status_code == 200


@pytest.mark.usefixtures("broker_is_up", "taxonomy")
def test_a_long_import_is_no_fault_but_bulk_work_of_yesterday_is_told(client: Client) -> None:
    waiting = MatchRequest.objects.create(
        need=make_need(), input_version=1, priority=Priority.BULK, due_at=clock.now() - timedelta(hours=3)
    )
    assert client.get("/readyz").json()["notes"]["bulk"] == "ok"
    MatchRequest.objects.filter(pk=waiting.pk).update(due_at=clock.now() - timedelta(days=2))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "172800 s" in answer.json()["notes"]["bulk"]


@pytest.mark.usefixtures("broker_is_up", "taxonomy")
def test_a_rematch_that_does_not_move_is_told(client: Client) -> None:
    rematch = rematch_start(target=Target(RematchScope.NEEDS), by=None)
    assert client.get("/readyz").json()["notes"]["rematch"] == "ok"
    Rematch.objects.update(updated_at=clock.now() - timedelta(minutes=5))
    assert client.get("/readyz").json()["notes"]["rematch"] == f"rematch {rematch.public_id} does not move at 0 of 0"


@pytest.mark.django_db
@pytest.mark.usefixtures("broker_is_up")
def test_a_damaged_index_is_told_but_is_no_fault(client: Client) -> None:
    IndexGeneration.objects.create(number=7, state=GenerationState.DAMAGED, started_at=clock.now(), error="/srv/var")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["notes"]["index"] == "generation 7 is damaged: there is none to use"
    assert "/srv" not in answer.content.decode()


@pytest.mark.django_db
def test_a_broker_that_is_not_there_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(celery_app.conf, "broker_write_url", "redis+socket:///nowhere/broker.sock")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == "does not answer"


@pytest.mark.django_db
@pytest.mark.usefixtures("broker_is_up")
def test_a_database_that_is_not_there_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("could not connect to server at 10.0.0.1")

    monkeypatch.setattr("matchsvc.health.connection.cursor", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "does not answer"
    assert "10.0.0.1" not in response.content.decode()
