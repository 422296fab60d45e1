"""A real broker, real worker processes, and a database that they share with the test."""

import os
import secrets
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
from apps.core.processes.broker import broker_child, socket_path
from apps.core.processes.child import Child
from apps.core.processes.group import running
from apps.core.processes.servers import worker_child
from matchsvc.broker import broker_settings
from matchsvc.environment import read_database
from tests.matching.conftest import load_few_terms

PATIENCE_SECONDS = 400

type Start = Callable[[str], Child]
type Wait = Callable[[Callable[[], bool], Child], None]


@pytest.fixture(autouse=True)
def hints() -> None:
    """Here they are really sent."""


@pytest.fixture
def prefix() -> str:
    return f"worker-test-{secrets.token_hex(4)}:"


@pytest.fixture
def redis_url(tmp_path: Path, prefix: str) -> Iterator[str]:
    """The broker that the tests run on, with nothing of ours left behind; else a bundled one."""
    if given := os.environ.get("REDIS_URL"):
        yield given
        with redis.Redis.from_url(given) as client:
            for key in client.scan_iter(f"{prefix}*"):
                client.delete(key)
        return
    socket = socket_path(tmp_path)
    with running([broker_child(socket=socket, data_dir=tmp_path / "broker", log_path=tmp_path / "broker.log")]):
        yield f"unix://{socket}"


@pytest.fixture
def environment(tmp_path: Path, prefix: str, redis_url: str) -> Iterator[dict[str, str]]:
    """What worker processes are told: a scratch database, a broker, and names of their own on a shared one."""
    given = os.environ.get("DATABASE_URL", "")
    with scratch_database(given, tmp_path) as database_url:
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
def worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
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


@pytest.fixture
def wait_until() -> Wait:
    """Waits for something that a child brings about, and ends with its log where it does not."""

    def wait(is_so: Callable[[], bool], child: Child) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            child.check_alive()
            assert time.monotonic() < deadline, child.tail()
            time.sleep(0.02)

    return wait
