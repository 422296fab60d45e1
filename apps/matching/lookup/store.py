"""Where answers wait for their page: the cache. Where it does not answer, nothing is known, and the page says so.

An answer belongs to one version of a need, to what was chosen, and to the levels of disclosure that were ranked: people
who may see the same share it. Each pair is kept apart too, and longer, so that it can be picked without its answer.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from apps.matching.lookup.conditions import Conditions

logger = logging.getLogger(__name__)
KEPT_SECONDS = 300
"""How old an answer may get: what is published meanwhile is missing from it."""
PAIR_KEPT_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which version of which need, among the rows of which levels of disclosure."""

    need_id: int
    version: int
    levels: tuple[str, ...]
    conditions: Conditions

    @property
    def key(self) -> str:
        said = "|".join((",".join(sorted(self.levels)), self.conditions.query()))
        return f"{self.need_id}:{self.version}:{sha256(said.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Pair:
    """One capability as it was ranked; `fields` are the columns of a proposal that the matcher writes."""

    capability_id: int
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The best pairs, best first, and when they were looked up."""

    at: datetime
    pairs: tuple[Pair, ...]


def answer(question: Question) -> Answer | None:
    kept = _tried(lambda: cache.get(f"lookup:{question.key}"), None)
    return Answer(kept[0], tuple(Pair(*pair) for pair in kept[1])) if kept else None


def keep(question: Question, found: Answer) -> None:
    need_id, version = question.need_id, question.version
    pairs = {_pair_key(need_id, version, pair.capability_id): pair.fields for pair in found.pairs}
    _tried(lambda: cache.set_many(pairs, PAIR_KEPT_SECONDS), None)
    _tried(lambda: cache.set(f"lookup:{question.key}", astuple(found), KEPT_SECONDS), None)


def pair_fields(need_id: int, version: int, capability_id: int) -> dict[str, Any] | None:
    """The columns of one pair that was found lately, under whatever conditions."""
    found: dict[str, Any] | None = _tried(lambda: cache.get(_pair_key(need_id, version, capability_id)), None)
    return found


def begin(question: Question, seconds: int) -> bool:
    """True for the first who asks; the others wait for the same answer, at most that long."""
    return _tried(lambda: cache.add(f"lookup-begun:{question.key}", 1, seconds), False)


def is_begun(question: Question) -> bool:
    return _tried(lambda: cache.get(f"lookup-begun:{question.key}") is not None, False)


def end(questions: Iterable[Question]) -> None:
    _tried(lambda: cache.delete_many([f"lookup-begun:{question.key}" for question in questions]), None)


def _pair_key(need_id: int, version: int, capability_id: int) -> str:
    return f"lookup-pair:{need_id}:{version}:{capability_id}"


def _tried[T](ask: Callable[[], T], otherwise: T) -> T:
    try:
        return ask()
    except (RedisError, OSError) as error:
        logger.warning("The cache does not answer (%s); nothing can be looked up.", error)
        return otherwise
