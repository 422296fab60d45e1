"""How much a phone loads on the first visit: pages and all they name, as the production server sends them."""

import gzip
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from apps.accounts.models import User

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 300_000
NAMED = re.compile(r'(?:href|src)="/static/([^"#]+)')


def compressed_size(name: str) -> int:
    path = finders.find(name)
    assert isinstance(path, str)
    return len(gzip.compress(Path(path).read_bytes()))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/needs/new/", "/capabilities/new/?kind=result"])
def test_the_first_visit_is_light(sme_owner: User, client_of: Callable[[User], Client], address: str) -> None:
    page = client_of(sme_owner).get(address).content
    named = set(NAMED.findall(page.decode()))
    assert "vendor/bootstrap.min.css" in named
    assert len(page) + sum(map(compressed_size, named)) < MOST_BYTES


def test_production_keeps_files_compressed(tmp_path: Path) -> None:
    """The server sends what lies beside a file; it compresses nothing itself."""
    settings = {"MATCHSVC_MODE": "production", "MATCHSVC_VAR": str(tmp_path), "DJANGO_SECRET_KEY": "k" * 60}
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=True, capture_output=True)
    assert list((tmp_path / "static").glob("vendor/bootstrap.min.*.css.gz"))
