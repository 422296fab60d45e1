"""The arrows between the apps, held by import-linter; each contract is also seen to break."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "core",
    "accounts",
    "taxonomy",
    "notifications",
    "searches",
    "needs",
    "capabilities",
    "engine",
    "matching",
    "engagements",
    "followups",
    "imports",
    "review",
    "stats",
    "administration",
)


def lint(project: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", program, "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.fixture
def empty_project(tmp_path: Path) -> Path:
    """A project with every app and nothing in them: it keeps every contract."""
    for package in ("apps", "matchsvc", *(f"apps/{app}" for app in APPS)):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    return tmp_path


def test_the_arrows_between_the_apps_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("app", "imported", "kept"),
    [
        ("stats", "apps.engagements", True),
        ("matching", "apps.engine", True),
        ("core", "apps.accounts", False),
        ("needs", "apps.capabilities", False),
        ("needs", "apps.matching", False),
        ("taxonomy", "apps.accounts", False),
        ("matching", "apps.engagements", False),
        ("engagements", "apps.followups", False),
        ("notifications", "apps.needs", False),
        ("stats", "apps.engine", False),
        ("administration", "apps.engagements", True),
        ("administration", "apps.stats", False),
        ("stats", "apps.administration", False),
        ("engine", "django.conf", False),
        ("engine", "celery", False),
        ("needs", "matchsvc.settings", False),
    ],
)
def test_an_import_against_an_arrow_is_refused(empty_project: Path, app: str, imported: str, *, kept: bool) -> None:
    (empty_project / "apps" / app / "offender.py").write_text(f"import {imported}\n")
    done = lint(empty_project)
    assert (done.returncode == 0) is kept, done.stdout + done.stderr
