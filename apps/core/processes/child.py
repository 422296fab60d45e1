"""One child process with a log file, a question that tells when it is ready, and an orderly end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

POLL_SECONDS = 0.1
PR_SET_PDEATHSIG = 1
PROJECT_DIR = Path(__file__).resolve().parents[3]


class ChildFailedError(Exception):
    """A child ended by itself or did not become ready; the message names it, its log and the log's last lines."""


@dataclass
class Child:
    """A process that is started, asked whether it is ready, watched and stopped.

    `is_ready` is asked several times a second and answers quickly; errors of connecting count as "not yet".
    `stop_seconds` is how long a polite SIGTERM may take before the process and its children are killed.
    """

    name: str
    argv: Sequence[str]
    log_path: Path
    is_ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_seconds: float = 60
    stop_seconds: float = 10
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ChildFailedError(f"{self.name} has not been started.")
        return self._process.pid

    def start(self) -> None:
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("wb") as log:  # one run per file: readiness and the tail speak of this one
            self._process = subprocess.Popen(
                self.argv,
                cwd=PROJECT_DIR,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the parent only, which stops the children in order
                # Unsafe beside threads (PLW1509); whoever starts children has one thread at that time.
                preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  (as said above)
            )

    def wait_until_ready(self) -> None:
        """Raises ChildFailedError when the process ends or stays silent for `ready_seconds`."""
        deadline = time.monotonic() + self.ready_seconds
        while not self._answers():
            self.check_alive()
            if time.monotonic() > deadline:
                raise ChildFailedError(f"{self.name} was not ready after {self.ready_seconds:.0f} s. {self.tail()}")
            time.sleep(POLL_SECONDS)

    def check_alive(self) -> None:
        code = None if self._process is None else self._process.poll()
        if code is not None:
            raise ChildFailedError(f"{self.name} ended by itself with code {code}. {self.tail()}")

    def stop(self) -> None:
        """End the process politely, then whatever it left behind in its process group. Safe to call twice."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(self.stop_seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
        # The group lives on while any of the child's own children does, even after its leader has ended.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def tail(self, lines: int = 20) -> str:
        """Where the log is and its last lines."""
        return "\n".join([f"{self.log_path}:", *read_log(self.log_path).splitlines()[-lines:]])

    def _answers(self) -> bool:
        try:
            return self.is_ready()
        except OSError:
            return False


def read_log(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def end_with_parent() -> None:
    """Ask Linux to send SIGTERM when the parent dies, so that `kill -9` of the parent leaves nothing behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
