"""How many capabilities may suit a need that is still being written.

The web process keeps no corpus, so a worker counts, on the queue of what people wait for. What it reads is the draft as
it saved itself: the text travels nowhere. Each person has one answer per need, kept in the cache for a while; one who
types on while a worker is busy causes no second task, for the task reads the newest text. Only capabilities count that
this person may see, and none that is kept for brokers.
"""

import logging
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from apps.accounts.disclosure import Disclosure, levels_open_to
from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.matching import preview_store
from apps.matching.documents import need_rows
from apps.matching.index.live import current_index, open_for_need
from apps.matching.models import Priority
from apps.matching.preview_store import Answer
from apps.matching.vectors import document_now
from apps.needs.models import Need
from apps.needs.permissions import can_edit

logger = logging.getLogger(__name__)
BEST = 3
PATIENCE_SECONDS = 10
"""How long a page waits, and how old a task may get before no worker need begin it."""
KEPT_SECONDS = 1800
MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Preview:
    """What is known now: `count` None where nothing was counted yet; `is_current` tells whether of the newest text."""

    is_waiting: bool = False
    is_current: bool = False
    count: int | None = None
    best: tuple[Capability, ...] = ()


def preview_ask(*, need: Need, by: User) -> Preview:
    """Have the need counted for, unless it is or soon will be. NotAllowed for those who may not write it."""
    known = preview_read(need=need, by=by)
    if known.is_current or known.is_waiting or not has_words(need):
        return known
    if preview_store.begin(need.pk, by.pk, PATIENCE_SECONDS) and not _send(need, by):
        preview_store.end(need.pk, by.pk)
    return preview_read(need=need, by=by)


def preview_read(*, need: Need, by: User) -> Preview:
    """The answer as far as there is one, and whether a better one is on its way. NotAllowed as `preview_ask`."""
    can_edit(by, need).require()
    answer = preview_store.answer(need.pk, by.pk)
    is_current = answer is not None and answer.version == need.version
    is_waiting = not is_current and preview_store.is_begun(need.pk, by.pk)
    if answer is None:
        return Preview(is_waiting=is_waiting)
    return Preview(is_waiting, is_current, answer.count, _still_shown(answer.best, need, by))


def preview_count(need_id: int, user_id: int) -> None:
    """Count and keep the answer, again where the draft was saved anew meanwhile. For workers."""
    for _ in range(MOST_ROUNDS):
        need = need_rows(Need.objects.filter(pk=need_id)).select_related("organisation").first()
        user = User.objects.filter(pk=user_id, is_active=True).first()
        if need is None or user is None or not can_edit(user, need):
            break
        kept = preview_store.answer(need_id, user_id)
        if kept is not None and kept.version == need.version:
            break
        preview_store.keep(need_id, user_id, _counted(need, user), KEPT_SECONDS)
    preview_store.end(need_id, user_id)


def _counted(need: Need, by: User) -> Answer:
    hidden = {*Disclosure} - {*levels_open_to(by)} | {Disclosure.BROKERS}
    wanted = open_for_need(need.organisation_id, hidden=hidden)
    index = current_index(complete=False)
    fitting = index.rank(document_now(need), wanted, minimum=settings.MATCHING_PREVIEW_SCORE)
    return Answer(need.version, len(fitting), tuple(hit.id for hit in fitting[:BEST]))


def has_words(need: Need) -> bool:
    """Whether there is enough to compare: a title alone, or a text."""
    return len(f"{need.title}{need.goal}{need.background}".strip()) >= 4


def _open_to(need: Need, by: User) -> QuerySet[Capability]:
    """As a match would choose, and no more than this person may look up in the catalogue."""
    seen = Capability.objects.open_to(by)
    return seen.exclude(organisation=need.organisation_id).exclude(disclosure=Disclosure.BROKERS)


def _still_shown(pks: tuple[int, ...], need: Need, by: User) -> tuple[Capability, ...]:
    rows = {row.pk: row for row in _open_to(need, by).filter(pk__in=pks)}
    return tuple(rows[pk] for pk in pks if pk in rows)


def _send(need: Need, by: User) -> bool:
    try:
        current_app.send_task(
            "matching.preview", args=[need.pk, by.pk], queue=Priority.INTERACTIVE, expires=PATIENCE_SECONDS
        )
    except OperationalError as error:
        logger.warning("The broker does not answer (%s); the form does without a preview.", error)
        return False
    return True
