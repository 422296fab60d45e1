"""Runs one module of this package inside Django: `python -m benchmarks.processes.inside NAME [ARGUMENT …]`.

The scripts that measure know nothing of Django, as a browser does not; what they need done with rows is done by a
process of its own, in the installation that its environment names (`MATCHSVC_VAR`, `DATABASE_URL`, `REDIS_URL`). Such a
module has a `main` that takes the arguments as they were written. `Inside` talks with one of them, line by line.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Self

import django

from benchmarks.figure import ROOT
from benchmarks.installation import scratch

SETTINGS = "matchsvc.settings"


class InsideFailedError(Exception):
    """The process ended, or answered something else than JSON; what it said went to standard error."""


def run_inside(name: str, *arguments: object, environment: Mapping[str, str]) -> Any:
    """Start a module, wait for its end, and return what it said last (JSON)."""
    with Inside(name, *arguments, environment=environment) as process:
        said = None
        while (line := process.read_line()) is not None:
            said = line
        return said


@dataclass(init=False)
class Inside:
    """A module at work: `ask` sends it a line of JSON and returns the line of JSON it answers."""

    name: str
    _process: subprocess.Popen[str] = field(repr=False)

    def __init__(self, name: str, *arguments: object, environment: Mapping[str, str]) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.processes.inside", name, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "BENCHMARKS_SCRATCH": str(scratch()), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """No more questions: the module's loop over its input ends, and with it the process."""
        if self._process.stdin:
            self._process.stdin.close()
        if self._process.wait(timeout=60) and sys.exc_info()[0] is None:
            raise InsideFailedError(f"{self.name} ended with code {self._process.returncode}.")

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, **question: Any) -> Any:
        self.tell(**question)
        return self.answer()

    def tell(self, **message: Any) -> None:
        """A question whose answer is read later, by `answer`."""
        if self._process.stdin is None:
            raise InsideFailedError(f"{self.name} does not listen.")
        print(json.dumps(message), file=self._process.stdin, flush=True)

    def answer(self) -> Any:
        """The next line it says. InsideFailedError where it ends without one."""
        line = self.read_line()
        if line is None:
            raise InsideFailedError(f"{self.name} ended without an answer.")
        return line

    def read_line(self) -> Any:
        """The next line it says, None at its end."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        try:
            return json.loads(line) if line else None
        except json.JSONDecodeError as error:
            raise InsideFailedError(f"{self.name} said: {line}") from error


def say(**answer: Any) -> None:
    """From inside: one line of JSON to whoever asked."""
    print(json.dumps(answer), flush=True)


def main(name: str, *arguments: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    import_module(f"benchmarks.processes.{name}").main(*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
