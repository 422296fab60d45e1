"""Which processes an installation on one machine consists of, and the environment that makes them one."""

import logging
from collections.abc import Mapping
from pathlib import Path

from apps.core.processes.broker import BrokerMissingError, broker_child, socket_path
from apps.core.processes.child import Child
from apps.core.processes.servers import HOST, web_child, worker_child

logger = logging.getLogger(__name__)


def installation_children(*, var_dir: Path, port: int, environment: Mapping[str, str]) -> list[Child]:
    """The bundled broker (unless `environment` names a server in REDIS_URL), the worker and the web server.

    `environment` is what the children see beside the caller's own; logs go to `var_dir`/log.
    """
    logs = var_dir / "log"
    settings = {"MATCHSVC_VAR": str(var_dir), "SITE_URL": f"http://{HOST}:{port}", **environment}
    brokers = [] if settings.get("REDIS_URL") else embedded_broker(var_dir, settings)
    return [
        *brokers,
        worker_child(log_path=logs / "worker.log", environment=settings),
        web_child(port=port, log_path=logs / "web.log", environment=settings),
    ]


def embedded_broker(var_dir: Path, settings: dict[str, str]) -> list[Child]:
    """The bundled broker, and its address written into `settings`; where there is none, a folder of message files."""
    try:
        socket = socket_path(var_dir)
        child = broker_child(socket=socket, data_dir=var_dir / "broker", log_path=var_dir / "log" / "broker.log")
    except BrokerMissingError as error:
        # Such files are lost when a process is killed. Harmless: the row is the job, the message only a hint.
        logger.warning("No bundled broker here (%s): messages go through files below %s.", error, var_dir)
        settings["REDIS_URL"] = f"filesystem://{var_dir / 'broker-files'}"
        return []
    settings["REDIS_URL"] = f"unix://{socket}"
    return [child]
