"""`manage.py demo` as a person runs it: it starts, says where, and leaves nothing behind when it ends."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from apps.core.processes.child import PROJECT_DIR, read_log
from apps.core.processes.servers import answers_healthy, free_port

pytestmark = [pytest.mark.processes, pytest.mark.embedded]

START_SECONDS = 120
VANISH_SECONDS = 60
COMMAND = [sys.executable, "manage.py", "demo", "--no-city"]


class Demo:
    """A running demonstration and what it has printed."""

    def __init__(self, var_dir: Path, port: int) -> None:
        self.port = port
        self.output_path = var_dir / "demo.out"
        with self.output_path.open("wb") as output:
            self.process = subprocess.Popen(
                [*COMMAND, "--port", str(port)],
                cwd=PROJECT_DIR,
                env=environment(var_dir),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        return read_log(self.output_path)

    @property
    def pids(self) -> dict[str, int]:
        return {name: int(pid) for name, pid in re.findall(r"(broker|worker|web) \((\d+)\)", self.output)}

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while text not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.1)

    def wait_until_healthy(self) -> None:
        """While it reads its dictionaries on a busy machine an answer may take longer than a check waits."""
        deadline = time.monotonic() + START_SECONDS
        while not answers_healthy(self.port):
            assert time.monotonic() < deadline, self.output
            time.sleep(0.1)

    def left_behind(self) -> list[str]:
        """Processes of the sessions that the children lead, once they have had time to go."""
        deadline = time.monotonic() + VANISH_SECONDS
        while (left := in_sessions(set(self.pids.values()))) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left


def environment(var_dir: Path) -> dict[str, str]:
    """The caller's, but the embedded default whatever servers the tests themselves run on."""
    given = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return {**given, "MATCHSVC_MODE": "demo", "MATCHSVC_VAR": str(var_dir)}


def in_sessions(leaders: set[int]) -> list[str]:
    listing = subprocess.run(["ps", "-eo", "sess=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in listing.splitlines()]
    return [row[-1] for row in rows if int(row[0]) in leaders and not row[1].startswith("Z")]


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all: only the first start has to fill the database."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def demo(var_dir: Path) -> Iterator[Callable[..., Demo]]:
    started: list[Demo] = []

    def start(port: int | None = None) -> Demo:
        demo = Demo(var_dir, port or free_port(random.randrange(30_000, 32_000)))
        started.append(demo)
        demo.wait_for("Ctrl-C")
        return demo

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.terminate()
            each.process.wait()


def test_the_demonstration_answers_and_ctrl_c_stops_all_of_it(demo: Callable[..., Demo], var_dir: Path) -> None:
    running = demo()
    assert set(running.pids) == {"broker", "worker", "web"}
    assert f"http://127.0.0.1:{running.port}" in running.output
    running.wait_until_healthy()
    second = subprocess.run(
        COMMAND, cwd=PROJECT_DIR, env=environment(var_dir), capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert "已在此目录运行" in second.stderr
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(VANISH_SECONDS) == 0
    assert "已全部停止" in running.output
    assert running.left_behind() == []


def test_the_death_of_the_worker_is_reported_and_stops_the_rest(demo: Callable[..., Demo]) -> None:
    running = demo()
    os.kill(running.pids["worker"], signal.SIGKILL)
    assert running.process.wait(VANISH_SECONDS) == 1
    assert "worker ended by itself with code -9" in running.output
    assert "worker.log" in running.output
    assert running.left_behind() == []


def test_a_taken_port_is_named_and_the_next_one_used(demo: Callable[..., Demo]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        running = demo(port)
    assert f"端口 {port} 已被占用" in running.output
    running.process.terminate()
    assert running.process.wait(VANISH_SECONDS) == 0
    assert running.left_behind() == []
