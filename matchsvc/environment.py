"""Typed readers of environment variables. A wrong value stops the start with a sentence that names it."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SQLITE_OPTIONS: dict[str, Any] = {
    # BEGIN IMMEDIATE takes the write lock at once: with Django's default, half of concurrent writes end "locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # The system's own cache of the file is read as it lies, and each connection keeps 32 MB besides.
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;"
    "PRAGMA mmap_size=1073741824;PRAGMA cache_size=-32768;PRAGMA temp_store=MEMORY",
}
POSTGRES_OPTIONS: dict[str, Any] = {
    # Pages are many small questions at once: translating one to machine code took longer than answering it, several
    # processes for one take the processors of the others, and the rows that are asked for lie in memory or on an SSD.
    "options": "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s "
    "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1",
}


def read_text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def read_list(name: str, default: str = "") -> list[str]:
    """Comma-separated values, blanks left out."""
    return [item.strip() for item in read_text(name, default).split(",") if item.strip()]


def read_int(name: str, default: int) -> int:
    value = read_text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def read_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = read_text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def read_database(name: str, default_path: Path) -> dict[str, Any]:
    """Django's settings of a database from `sqlite:///path` or `postgres://user:password@host:port/name`."""
    url = urlsplit(read_text(name, f"sqlite:///{default_path}"))
    if url.scheme == "sqlite":
        path = unquote(url.path).removeprefix("/")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": "/" + path.lstrip("/"), "OPTIONS": SQLITE_OPTIONS}
    if url.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.removeprefix("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": POSTGRES_OPTIONS,
        }
    raise ImproperlyConfigured(f"{name} must begin with sqlite:// or postgres://, not {url.scheme}://.")
