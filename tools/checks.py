"""Every check of the project, stage by stage: `make test`, and with CI=true what .ci/run relies on.

`--only lint` (or django, sqlite, postgres, browser; may be repeated) runs a part. The stages need nothing but .venv;
the tests run on SQLite with the bundled broker, and those that touch either again on PostgreSQL and Redis where such
servers answer (DATABASE_URL and REDIS_URL name them, else the loopback address is tried). In CI a missing server is a
failure.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from apps.core.processes.broker import broker_child  # noqa: E402  (needs the path above)
from apps.core.processes.group import running  # noqa: E402  (as above)

BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
FOLDERS = [name for name in ("apps", "matchsvc", "tests", "tools", "benchmarks") if any((ROOT / name).rglob("*.py"))]
PYTEST = [sys.executable, "-m", "pytest", "-q"]
# Tests of real processes take half a minute: who has none left takes some of the other's.
ON_BOTH_CORES = ("-n", "2", "--dist", "worksteal")
LOOPBACK_POSTGRES = "postgres://postgres@127.0.0.1:5432/matchsvc"
LOOPBACK_REDIS = "redis://127.0.0.1:6379"
# Made-up values of a production installation, good enough to have its settings judged.
PRODUCTION = {
    "MATCHSVC_MODE": "production",
    "DJANGO_SECRET_KEY": "J7wq-0XbV4f_t8Zr3Lk9-Yd2Nn6Cs5Hg1Pm7Ua4Ee8Wv0-only-for-this-check",
    "ALLOWED_HOSTS": "matchsvc.example",
    "CSRF_TRUSTED_ORIGINS": "https://matchsvc.example",
    "SITE_URL": "https://matchsvc.example",
    "EMAIL_SERVER": "mail.matchsvc.example",
}
STAGES = ("lint", "django", "sqlite", "postgres", "browser")


class Checks:
    """Runs commands under headings and remembers which of them failed."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.failed: list[str] = []

    def run(self, heading: str, *command: str, environment: Mapping[str, str] | None = None) -> None:
        print(f"\n━━ {heading}", flush=True)
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=self.environment(environment or {}), check=False)
        verdict = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
        print(f"── {heading}: {verdict}, {time.monotonic() - began:.1f} s", flush=True)
        if done.returncode != 0:
            self.failed.append(heading)

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        """The caller's environment, but with nothing in it that leads to the caller's own data."""
        inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        own = {
            "MATCHSVC_MODE": "test",
            "MATCHSVC_VAR": str(self.scratch),
            "DATABASE_URL": f"sqlite:///{self.scratch / 'checks.sqlite3'}",
        }
        return {**inherited, **own, **extra}

    def lint(self) -> None:
        self.run("ruff check", str(BIN / "ruff"), "check", ".")
        self.run("ruff format", str(BIN / "ruff"), "format", "--check", ".")
        self.run("mypy", sys.executable, "-m", "mypy", *FOLDERS, "manage.py")
        self.run("import-linter", str(BIN / "lint-imports"), "--no-cache")
        # Its rules only: its formatter does not agree with itself on a second run.
        self.run("djlint", str(BIN / "djlint"), "apps", "--lint")

    def django(self) -> None:
        self.run("makemigrations --check", sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")
        deploy = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        self.run("check --deploy", *deploy, environment=PRODUCTION)

    def sqlite(self) -> None:
        socket = self.scratch / "broker.sock"
        log = self.scratch / "log" / "broker.log"
        with running([broker_child(socket=socket, data_dir=self.scratch / "broker", log_path=log)]):
            own = {"REDIS_URL": f"unix://{socket}"}
            self.run("tests on SQLite and the bundled broker", *PYTEST, *ON_BOTH_CORES, *NOT_E2E, environment=own)

    def postgres(self) -> None:
        heading = "tests on PostgreSQL and Redis"
        try:
            with real_servers() as own:
                self.run(heading, *PYTEST, *ON_BOTH_CORES, *NOT_E2E, "--servers-only", environment=own)
        except (psycopg.OperationalError, redis.RedisError) as error:
            print(f"\n━━ {heading}\n!! 没有运行：测试服务器没有应答 / not run, no server answers: {error}", flush=True)
            if IN_CI:
                self.failed.append(heading)

    def browser(self) -> None:
        self.run("browser journeys", *PYTEST, "tests/e2e")


NOT_E2E = ("--ignore=tests/e2e",)


@contextlib.contextmanager
def real_servers() -> Iterator[dict[str, str]]:
    """Addresses of a PostgreSQL whose databases bear our own name and of an empty Redis database, emptied afterwards.

    Raises psycopg.OperationalError or redis.RedisError when a server does not answer.
    """
    given = os.environ.get("DATABASE_URL", "")
    database = given if given.startswith("postgres") else f"{LOOPBACK_POSTGRES}_{os.getpid()}"
    server = database.rpartition("/")[0] + "/postgres"
    psycopg.connect(server, connect_timeout=3).close()
    redis_url = os.environ.get("REDIS_URL") or empty_redis_database()
    with redis.Redis.from_url(redis_url, socket_connect_timeout=3) as client:
        was_empty = client.dbsize() == 0
        # Nobody needs the tests' rows after a power cut.
        yield {"DATABASE_URL": database, "REDIS_URL": redis_url, "PGOPTIONS": "-c synchronous_commit=off"}
        if was_empty:
            client.flushdb()


def empty_redis_database() -> str:
    """Raises redis.RedisError when no server answers, or all of its databases are in use."""
    for number in range(15, 0, -1):
        url = f"{LOOPBACK_REDIS}/{number}"
        with redis.Redis.from_url(url, socket_connect_timeout=3) as client:
            if client.dbsize() == 0:
                return url
    raise redis.RedisError(f"no empty database at {LOOPBACK_REDIS}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=STAGES, help="run this part; may be repeated")
    wanted = parser.parse_args().only or STAGES
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="matchsvc-") as scratch:
        checks = Checks(Path(scratch))
        for stage in STAGES:
            if stage in wanted:
                getattr(checks, stage)()
    print(f"\n{time.monotonic() - began:.0f} s", flush=True)
    for heading in checks.failed:
        print(f"FAILED: {heading}", flush=True)
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
