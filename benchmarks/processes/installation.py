"""A prepared installation: its var/ folder with a loaded city, made once per size and kept below var/benchmarks/."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from apps.core.processes.group import running
from apps.core.processes.installation import embedded_broker, installation_children
from apps.core.processes.servers import HOST, free_port
from benchmarks.corpus import capabilities
from benchmarks.figure import ROOT
from benchmarks.installation import scratch
from benchmarks.processes.inside import run_inside

FIRST_PORT = 8970
NEEDS = 300
"""Drafts in every prepared city."""

SMALLEST_MEASUREMENT = 1_000
"""A smaller city is a try of the script, and few questions will do."""

WIDE_FROM, ROWS_BESIDE_WIDE = 200_000, 1_000
"""Larger cities take too long to load: what rests on the index alone is measured beside a small one (wide.py)."""

INDEX_FOLDER = "index"
"""Where an installation keeps the files of its index, below its var/."""

EMBEDDED = {"MATCHSVC_MODE": "demo", "DATABASE_URL": "", "REDIS_URL": "", "LOG_LEVEL": "WARNING"}
"""The embedded default, whatever the environment of whoever measures says."""


def prepared(size: int) -> Path:
    """The folder of an installation with SQLite and a city of so many capabilities, all of it at rest."""
    folder = kept() / f"city-{size}-{city_key()}"
    if not folder.exists():
        half_made = folder.with_name(f"{folder.name}.begun")
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(parents=True)
        run_inside("city", size, NEEDS, environment={**EMBEDDED, "MATCHSVC_VAR": str(half_made)})
        half_made.rename(folder)
    run_inside("settle", environment={**EMBEDDED, "MATCHSVC_VAR": str(folder)})
    return folder


def city_key() -> str:
    """Changes with the made-up texts, and with the tables they are written to."""
    texts = [(document.text, document.tags, document.indicators) for document in capabilities(50)]
    tables = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("apps/*/migrations/*.py"))]
    return hashlib.sha256(repr((texts, tables)).encode()).hexdigest()[:12]


def kept() -> Path:
    return scratch() / "processes"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Gone afterwards. On the disk of the kept ones, for what is measured writes to a disk, not to memory."""
    kept().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=kept()) as name:
        yield Path(name)


@contextmanager
def copy_of_prepared(size: int) -> Iterator[Path]:
    """A var/ folder to do with as one likes; the index's files, which nobody writes to, are not copied but linked."""
    source = prepared(size)
    with scratch_folder() as folder:
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(INDEX_FOLDER))
        if (source / INDEX_FOLDER).exists():
            shutil.copytree(source / INDEX_FOLDER, folder / INDEX_FOLDER, copy_function=os.link)
        yield folder


@contextmanager
def copy_with_index(size: int) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """A folder as `copy_of_prepared`, and the environment for it. From WIDE_FROM on only the index is of that size."""
    if size < WIDE_FROM:
        with copy_of_prepared(size) as folder:
            yield folder, {}
        return
    with copy_of_prepared(ROWS_BESIDE_WIDE) as folder:
        environment = {"MATCHING_ENCODER": "off"}
        run_inside("wide", size, environment={**EMBEDDED, "MATCHSVC_VAR": str(folder), **environment})
        yield folder, environment


@contextmanager
def embedded_site(size: int) -> Iterator[tuple[str, Path]]:
    """All processes as `manage.py demo` starts them, on a copy of the prepared city: their address, its folder."""
    with copy_of_prepared(size) as folder:
        port = free_port(FIRST_PORT)
        with running(installation_children(var_dir=folder, port=port, environment=EMBEDDED)):
            yield f"http://{HOST}:{port}", folder


@contextmanager
def broker_alone(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Mapping[str, str]]:
    """The bundled broker of an installation; what the others that belong to it are told."""
    environment = {**EMBEDDED, "MATCHSVC_VAR": str(folder), **(environment or {})}
    with running(embedded_broker(folder, environment)):
        yield environment
