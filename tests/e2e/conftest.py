"""A whole installation of real processes, and a real Chromium to look at it.

On SQLite and the bundled broker, or, where DATABASE_URL and REDIS_URL are set, on a scratch database of that server.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright
from psycopg import sql

from apps.core.processes.child import read_log
from apps.core.processes.group import running
from apps.core.processes.installation import installation_children
from apps.core.processes.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
ACCOUNTS = ROOT / "seeds" / "demo_city" / "accounts.jsonl"
PICTURES = ROOT / "test-results"
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
CHROMIUM_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
)
DESKTOP_WIDTH = 1440
CALL_FAILED = pytest.StashKey[bool]()


@dataclass(frozen=True)
class Site:
    """The running installation."""

    url: str
    var_dir: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` on the site's own database; what it printed. Raises CalledProcessError when it fails."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **self.environment}, check=False, capture_output=True, text=True
        )
        if done.returncode != 0:
            sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()
        return done.stdout

    def worker_log(self) -> str:
        return read_log(self.var_dir / "log" / "worker.log")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Migrated, with the vocabularies and the demo city; its processes run until the session ends."""
    var_dir = tmp_path_factory.mktemp("site")
    port = free_port(random.randrange(20_000, 30_000))
    with database(var_dir) as database_url:
        environment = {
            "MATCHSVC_MODE": "demo",
            "MATCHSVC_VAR": str(var_dir),
            "DATABASE_URL": database_url,
            "REDIS_URL": os.environ.get("REDIS_URL", ""),
            "REDIS_KEY_PREFIX": f"e2e-{port}:",
        }
        site = Site(f"http://127.0.0.1:{port}", var_dir, environment)
        for command in ("migrate", "load_taxonomy", "load_demo_city"):
            site.manage(command, "--verbosity", "0")
        with running(installation_children(var_dir=var_dir, port=port, environment=environment)):
            yield site
    forget_messages(environment["REDIS_URL"], environment["REDIS_KEY_PREFIX"])


def forget_messages(redis_url: str, prefix: str) -> None:
    """Leave nothing of ours on a server that is not ours; the bundled broker's data go with its folder."""
    if redis_url:
        with redis.Redis.from_url(redis_url) as client:
            for key in client.scan_iter(f"{prefix}*"):
                client.delete(key)


@contextmanager
def database(var_dir: Path) -> Iterator[str]:
    """The address of an empty database that is gone afterwards."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{var_dir / 'site.sqlite3'}"
        return
    server, _, _ = given.rpartition("/")
    name = f"matchsvc_e2e_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        missing = "Chromium is missing: apt-get install chromium fonts-wqy-zenhei"
        if IN_CI:
            pytest.fail(missing)
        pytest.skip(missing)
    # Playwright keeps an event loop in this thread; Django refuses its database beside one unless told otherwise.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=flags)
        expect.set_options(timeout=15_000)  # a page of a busy machine
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens a page of a person of their own: no cookie is shared between two of them.

    The test fails when any of them was answered with a server error, broke the content security policy or had an
    error in a script. A failed test leaves its pictures in test-results/.
    """
    faults: list[str] = []
    pages: list[Page] = []

    def open_page(width: int = DESKTOP_WIDTH, height: int = 900) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        page = context.new_page()
        watch(page, faults)
        pages.append(page)
        return page

    yield open_page
    if request.node.stash.get(CALL_FAILED, False):
        keep_pictures(pages, request.node.name)
    for page in pages:
        page.context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(new_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """One page, DESKTOP_WIDTH wide; `parametrize("page", [390], indirect=True)` makes it a phone."""
    return new_page(getattr(request, "param", DESKTOP_WIDTH))


@pytest.fixture
def sign_in() -> Callable[[Page, str], None]:
    """Signs a demo account in through the form, as the person would."""
    passwords = {account["email"]: account["password"] for account in read_accounts()}

    def fill_form(page: Page, email: str) -> None:
        page.goto("/accounts/sign-in/")
        page.fill("input[name=username]", email)
        page.fill("input[name=password]", passwords[email])
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/sign-in/" not in url)

    return fill_form


def read_accounts() -> list[dict[str, str]]:
    return [json.loads(line) for line in ACCOUNTS.read_text(encoding="utf-8").splitlines()]


def watch(page: Page, faults: list[str]) -> None:
    """Collect what no page may do, as it happens."""

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(f"{page.url}: {message.text}")

    def on_response(response: Response) -> None:
        if response.status >= 500:
            faults.append(f"{response.request.method} {response.url} was answered with {response.status}")

    page.on("console", on_console)
    page.on("response", on_response)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))


def keep_pictures(pages: list[Page], name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    for number, page in enumerate(pages):
        page.screenshot(path=PICTURES / f"{name}-{number}.png", full_page=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[CALL_FAILED] = report.failed
    return report
