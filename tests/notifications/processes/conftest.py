"""The processes that tests of matching start, here with letters to send."""

from tests.matching.processes.conftest import environment, hints, prefix, redis_url, site, wait_until, worker

__all__ = ["environment", "hints", "prefix", "redis_url", "site", "wait_until", "worker"]
