"""One match through a real broker and real worker processes, one of which is killed in the middle of it."""

import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis
from celery import Celery
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend
from psycopg import sql
from pytest_django import DjangoDbBlocker

import matchsvc.celery
from apps.accounts.models import OrganisationKind
from apps.core import clock
from apps.core.processes.broker import broker_child, socket_path
from apps.core.processes.child import Child
from apps.core.processes.group import running
from apps.core.processes.servers import worker_child
from apps.matching import requests, tasks
from apps.matching.models import MatchRequest, Priority, Proposal, RequestState, Stage
from apps.needs.models import Need
from matchsvc.broker import broker_settings
from matchsvc.environment import read_database
from tests.factories import make_capability, make_need, make_organisation
from tests.matching.conftest import load_few_terms

pytestmark = pytest.mark.processes
PATIENCE_SECONDS = 120
CAPABILITIES = 30


@pytest.fixture(autouse=True)
def hints() -> None:
    """Here they are really sent."""


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What worker processes are told: a scratch database, a broker, and names of their own on a shared one."""
    given = os.environ.get("DATABASE_URL", "")
    prefix = f"worker-test-{secrets.token_hex(4)}:"
    with scratch_database(given, tmp_path) as database_url, broker(tmp_path, prefix) as redis_url:
        yield {
            "MATCHSVC_MODE": "test",
            "MATCHSVC_VAR": str(settings.VAR_DIR),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "REDIS_KEY_PREFIX": prefix,
        }


@contextmanager
def scratch_database(given: str, folder: Path) -> Iterator[str]:
    """A database that other processes can open: a file, or one of the server that the tests run on."""
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder / 'worker.sqlite3'}"
        return
    server, name = given.rpartition("/")[0], f"matchsvc_worker_{secrets.token_hex(4)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def broker(folder: Path, prefix: str) -> Iterator[str]:
    """The one that the tests run on, with nothing of ours left behind; else a bundled one."""
    if given := os.environ.get("REDIS_URL"):
        yield given
        with redis.Redis.from_url(given) as client:
            for key in client.scan_iter(f"{prefix}*"):
                client.delete(key)
        return
    socket = socket_path(folder)
    with running([broker_child(socket=socket, data_dir=folder / "broker", log_path=folder / "broker.log")]):
        yield f"unix://{socket}"


@pytest.fixture
def site(environment: dict[str, str], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process works on the workers' database and broker, as a web server beside them would."""
    own = connections["default"]
    configured = connections.configure_settings({"default": read_url(environment["DATABASE_URL"])})["default"]
    workers = broker_settings(environment["REDIS_URL"], key_prefix=environment["REDIS_KEY_PREFIX"])
    sender = Celery("sender", broker=workers.url)
    sender.conf.update(broker_transport_options=workers.transport_options)
    with django_db_blocker.unblock():
        connections["default"] = load_backend(configured["ENGINE"]).DatabaseWrapper(configured, "default")
        sender.set_current()
        try:
            call_command("migrate", verbosity=0)
            load_few_terms()
            yield
        finally:
            connections["default"].close()
            connections["default"] = own
            matchsvc.celery.app.set_current()


def read_url(url: str) -> dict[str, object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        return read_database("DATABASE_URL", Path())


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[[str], Child]]:
    """Starts a worker of a given name."""
    children: list[Child] = []

    def start(name: str) -> Child:
        child = worker_child(log_path=tmp_path / f"{name}.log", environment=environment)
        children.append(child)
        child.start()
        return child

    yield start
    for child in children:
        child.stop()


def wait_until(is_so: Callable[[], bool], child: Child) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        child.check_alive()
        assert time.monotonic() < deadline, child.tail()
        time.sleep(0.02)


def test_a_match_whose_worker_is_killed_is_finished_once_by_another(site: None, worker: Callable[[str], Child]) -> None:
    university = make_organisation("测试大学", OrganisationKind.UNIVERSITY)
    for number in range(CAPABILITIES):
        make_capability(organisation=university, title=f"激光熔覆耐磨涂层 {number}")
    need = make_need()
    first = worker("first")
    requests.request_for_needs([need], priority=Priority.INTERACTIVE)
    request = MatchRequest.objects.get(need=need)

    wait_until(lambda: state_of(request) == (RequestState.RUNNING, 1), first)  # it reads the dictionary for a second
    os.killpg(first.pid, signal.SIGKILL)
    assert state_of(request) == (RequestState.RUNNING, 1)
    assert not Proposal.objects.exists()

    second = worker("second")
    second.wait_until_ready()
    MatchRequest.objects.update(lease_until=clock.now())  # as if the minute of the lease were over
    tasks.reconcile()
    wait_until(lambda: state_of(request)[0] == RequestState.DONE, second)
    request.refresh_from_db()
    assert (request.attempt, request.stage, request.error) == (2, Stage.FINISHED, "")
    assert request.proposals_count == settings.MATCHING_PROPOSALS_PER_NEED
    ranked = Proposal.objects.order_by("rank").values_list("rank", flat=True)
    assert list(ranked) == list(range(1, request.proposals_count + 1))
    assert Need.objects.get().proposals.count() == request.proposals_count


def state_of(request: MatchRequest) -> tuple[str, int]:
    return MatchRequest.objects.values_list("state", "attempt").get(pk=request.pk)
