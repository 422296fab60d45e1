"""The web server and the worker of one installation, as child processes of whoever calls."""

import socket
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from apps.core.processes.child import Child, read_log

HOST = "127.0.0.1"
QUEUES = "interactive,bulk"
PORTS_TRIED = 50


def free_port(wanted: int) -> int:
    """`wanted`, or the next port that nobody listens on.

    Raises OSError when PORTS_TRIED ports in a row are taken.
    """
    for port in range(wanted, wanted + PORTS_TRIED):
        with socket.socket() as probe:
            # As the server itself does: a port still in TIME_WAIT counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        return port
    raise OSError(f"No free port between {wanted} and {wanted + PORTS_TRIED - 1}.")


def web_child(*, port: int, log_path: Path, environment: Mapping[str, str]) -> Child:
    """gunicorn on the loopback address; ready when /healthz answers 200."""
    options = {
        "--bind": f"{HOST}:{port}",
        "--worker-class": "gthread",
        "--workers": "2",
        "--threads": "8",
        "--graceful-timeout": "5",  # a page that waits for a match must not hold up the end
        "--access-logfile": "-",
    }
    return Child(
        name="web",
        argv=[
            *(sys.executable, "-m", "gunicorn", "matchsvc.wsgi:application", "--no-control-socket"),
            *(word for option in options.items() for word in option),
        ],
        log_path=log_path,
        is_ready=lambda: answers_healthy(port),
        environment=environment,
    )


def worker_child(*, log_path: Path, environment: Mapping[str, str], concurrency: int = 2) -> Child:
    """A prefork Celery worker of so many processes; ready when it says so, after it has begun to consume."""
    options = {"--queues": QUEUES, "--concurrency": str(concurrency), "--hostname": "worker@%h", "--loglevel": "INFO"}
    return Child(
        name="worker",
        argv=[
            *(sys.executable, "-m", "celery", "-A", "matchsvc", "worker", "--without-gossip", "--without-mingle"),
            *(word for option in options.items() for word in option),
        ],
        log_path=log_path,
        is_ready=lambda: " ready." in read_log(log_path),
        environment={**environment, "LOG_LEVEL": "INFO"},  # below INFO it would be ready without saying so
        stop_seconds=60,  # a warm end: running tasks may finish
    )


def answers_healthy(port: int) -> bool:
    """False also where nothing answers yet, or not within two seconds."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
