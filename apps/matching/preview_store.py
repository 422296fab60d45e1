"""Where previews wait for their page: the cache. Where it does not answer, nothing is known, and the form goes on."""

import logging
from collections.abc import Callable
from dataclasses import astuple, dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was counted for one version of a need: how many capabilities, and the rows of the best."""

    version: int
    count: int
    best: tuple[int, ...]


def answer(need_id: int, user_id: int) -> Answer | None:
    kept: tuple[int, int, tuple[int, ...]] | None = _tried(lambda: cache.get(_key(need_id, user_id)), None)
    return Answer(*kept) if kept else None


def keep(need_id: int, user_id: int, answer: Answer, seconds: int) -> None:
    _tried(lambda: cache.set(_key(need_id, user_id), astuple(answer), seconds), None)


def begin(need_id: int, user_id: int, seconds: int) -> bool:
    """True for the first who asks; the others wait for the same answer, at most that long."""
    return _tried(lambda: cache.add(_begun_key(need_id, user_id), 1, seconds), False)


def is_begun(need_id: int, user_id: int) -> bool:
    return _tried(lambda: cache.get(_begun_key(need_id, user_id)) is not None, False)


def end(need_id: int, user_id: int) -> None:
    _tried(lambda: cache.delete(_begun_key(need_id, user_id)), None)


def _key(need_id: int, user_id: int) -> str:
    return f"preview:{need_id}:{user_id}"


def _begun_key(need_id: int, user_id: int) -> str:
    return f"preview-begun:{need_id}:{user_id}"


def _tried[T](ask: Callable[[], T], otherwise: T) -> T:
    try:
        return ask()
    except (RedisError, OSError) as error:
        logger.warning("The cache does not answer (%s); a preview is left out.", error)
        return otherwise
