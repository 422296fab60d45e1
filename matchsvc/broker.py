"""Where messages and cached values live: a Redis server, the bundled broker, or folders where neither exists."""

from pathlib import Path
from typing import Any, NamedTuple


class BrokerSettings(NamedTuple):
    url: str
    transport_options: dict[str, Any]
    cache: dict[str, Any]


def broker_settings(redis_url: str, *, key_prefix: str) -> BrokerSettings:
    """Celery's and the cache's settings for `redis://…`, `unix:///path/to/socket` or `filesystem:///folder`."""
    if redis_url.startswith("filesystem://"):
        return _folders(Path(redis_url.removeprefix("filesystem://")))
    return BrokerSettings(
        url=redis_url.replace("unix://", "redis+socket://", 1),
        transport_options={
            "visibility_timeout": 300,  # more than twice the hard time limit: a running task is not started again
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,  # with the default, redelivery takes another 100 s
            "socket_timeout": 5,
            "socket_connect_timeout": 2,  # a hung broker must not hold a web request
            "queue_order_strategy": "priority",  # what is first in --queues is taken first: people before bulk work
            "global_keyprefix": key_prefix,
        },
        cache={
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "KEY_PREFIX": key_prefix,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        },
    )


def _folders(root: Path) -> BrokerSettings:
    """Platforms without a bundled broker. Messages may be lost there; the request rows are not."""
    folders = {name: root / name for name in ("queue", "control", "processed")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return BrokerSettings(
        url="filesystem://",
        transport_options={
            "data_folder_in": str(folders["queue"]),
            "data_folder_out": str(folders["queue"]),
            "control_folder": str(folders["control"]),
            "processed_folder": str(folders["processed"]),
        },
        cache={"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(root / "cache")},
    )
