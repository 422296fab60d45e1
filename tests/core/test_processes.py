"""Child processes: readiness, an orderly end, nothing left behind; and the bundled broker, which keeps its messages."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from apps.core.processes.broker import BrokerMissingError, broker_child, socket_path
from apps.core.processes.child import PROJECT_DIR, Child, ChildFailedError
from apps.core.processes.group import running, stop_signals_raise, watch
from apps.core.processes.installation import installation_children
from apps.core.processes.servers import free_port

pytestmark = pytest.mark.processes

LONG_SECONDS = 100


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    """Makes a child that runs a shell script and is ready once it has written `ready` to its log."""
    children: list[Child] = []

    def make(script: str, name: str = "sleeper", **fields: Any) -> Child:
        log = tmp_path / f"{name}.log"

        def ready() -> bool:
            return log.exists() and "ready" in log.read_text()

        child = Child(name=name, argv=["sh", "-c", script], log_path=log, is_ready=ready, **fields)
        children.append(child)
        return child

    yield make
    for child in children:
        child.stop()


def alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def vanishes(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


def test_a_child_is_asked_to_end_before_it_is_killed(shell: Callable[..., Child]) -> None:
    child = shell(f"trap 'echo goodbye; exit 0' TERM; echo ready; sleep {LONG_SECONDS} & wait")
    child.start()
    child.wait_until_ready()
    child.stop()
    assert "goodbye" in child.log_path.read_text()


def test_a_child_that_will_not_end_is_killed(shell: Callable[..., Child]) -> None:
    child = shell(f"trap '' TERM; echo ready; while :; do sleep {LONG_SECONDS}; done", stop_seconds=0.2)
    child.start()
    child.wait_until_ready()
    pid = child.pid
    child.stop()
    assert not alive(pid)


def test_the_children_of_a_child_end_with_it(shell: Callable[..., Child]) -> None:
    child = shell(f"(trap '' TERM; sleep {LONG_SECONDS}) & echo ready $!; wait")
    child.start()
    child.wait_until_ready()
    grandchild = int(child.log_path.read_text().split()[1])
    assert alive(grandchild)
    child.stop()
    assert vanishes(grandchild)


def test_a_child_that_fails_is_named_with_the_end_of_its_log(shell: Callable[..., Child]) -> None:
    child = shell("echo the disk is full; exit 3", name="scribe")
    child.start()
    with pytest.raises(ChildFailedError, match=r"scribe ended by itself with code 3\.[\s\S]*the disk is full"):
        child.wait_until_ready()


def test_a_child_that_stays_silent_is_given_up(shell: Callable[..., Child]) -> None:
    child = shell(f"sleep {LONG_SECONDS}", ready_seconds=0.3)
    child.start()
    with pytest.raises(ChildFailedError, match="sleeper was not ready"):
        child.wait_until_ready()


def test_the_rest_is_stopped_when_one_does_not_start(shell: Callable[..., Child]) -> None:
    first = shell(f"echo ready $$; sleep {LONG_SECONDS}", name="first")
    with pytest.raises(ChildFailedError, match="second"), running([first, shell("sleep 0.3; exit 1", name="second")]):
        pytest.fail("nothing may run when one process did not start")
    assert not alive(int(first.log_path.read_text().split()[1]))


def test_the_last_one_started_is_the_first_one_stopped(shell: Callable[..., Child], tmp_path: Path) -> None:
    order = tmp_path / "order"
    script = "trap 'echo {name} >> {order}; exit 0' TERM; echo ready; sleep 100 & wait"
    names = ["broker", "worker", "web"]
    with running([shell(script.format(name=name, order=order), name=name) for name in names]):
        pass
    assert order.read_text().split() == names[::-1]


def test_the_death_of_a_child_ends_the_watch(shell: Callable[..., Child]) -> None:
    child = shell("echo ready; sleep 0.5; exit 7")
    with pytest.raises(ChildFailedError, match="code 7"), running([child]):
        watch([child])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_stop_signal_stops_everything_and_a_second_one_disturbs_nothing(
    shell: Callable[..., Child], number: signal.Signals
) -> None:
    impatient = f"kill -{int(number)} $PPID; sleep 0.3; echo finished; exit 0"
    child = shell(f"trap '{impatient}' TERM; echo ready; sleep {LONG_SECONDS} & wait")
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), stop_signals_raise(), running([child]):
        os.kill(os.getpid(), number)
    assert "finished" in child.log_path.read_text()
    assert signal.getsignal(number) is before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_the_kill_of_the_parent_ends_the_children(tmp_path: Path) -> None:
    program = """
import os, pathlib, sys, time
from apps.core.processes.child import Child
child = Child("sleeper", ["sleep", "100"], pathlib.Path(sys.argv[1]), lambda: True)
child.start()
print(child.pid, flush=True)
time.sleep(100)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "log")], cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.kill()
    assert vanishes(child)


def test_the_bundled_broker_keeps_its_messages_when_it_is_killed(tmp_path: Path) -> None:
    socket_file = tmp_path / "broker.sock"
    child = broker_child(socket=socket_file, data_dir=tmp_path / "broker", log_path=tmp_path / "broker.log")
    with running([child]), redis.Redis(unix_socket_path=str(socket_file), decode_responses=True) as client:
        client.rpush("queue", "message")
        os.kill(child.pid, signal.SIGKILL)
        assert vanishes(child.pid)
    with running([child]), redis.Redis(unix_socket_path=str(socket_file), decode_responses=True) as client:
        assert client.lrange("queue", 0, -1) == ["message"]
        assert client.config_get("port") == {"port": "0"}


def test_a_folder_with_a_long_name_gets_a_socket_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp")  # noqa: S108  a test's own name below it
    assert socket_path(tmp_path) == tmp_path / "broker.sock"
    deep = tmp_path / "项目资料" / ("云端研发" * 10)
    path = socket_path(deep)
    assert len(os.fsencode(path)) <= 100
    assert path == socket_path(deep)
    assert path != socket_path(deep / "another")
    assert path.parent.stat().st_mode & 0o077 == 0
    path.parent.rmdir()
    socket_path(deep / "another").parent.rmdir()


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_a_given_redis_server_is_used_instead_of_the_bundled_broker(tmp_path: Path) -> None:
    given = {"REDIS_URL": "redis://127.0.0.1:6379/9"}
    children = installation_children(var_dir=tmp_path, port=8000, environment=given)
    assert [child.name for child in children] == ["worker", "web"]
    assert {child.environment["REDIS_URL"] for child in children} == {given["REDIS_URL"]}


def test_without_a_bundled_broker_the_messages_go_through_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> Path:
        raise BrokerMissingError("no wheel for musl")

    monkeypatch.setattr("apps.core.processes.broker.server_path", missing)
    children = installation_children(var_dir=tmp_path, port=8000, environment={})
    assert [child.name for child in children] == ["worker", "web"]
    assert {child.environment["REDIS_URL"] for child in children} == {f"filesystem://{tmp_path / 'broker-files'}"}
    assert "no wheel for musl" in caplog.text
