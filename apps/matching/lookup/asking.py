"""Asking for a need's ranking under conditions, and reading the answer.

The web process keeps no index, so a worker ranks, on the queue of what people wait for. A message holds the need's key
and codes, no text. Only capabilities are ranked that the person who asks may see in the catalogue, and none that is
kept for brokers, as in every list of proposals.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from apps.accounts.disclosure import Disclosure, levels_open_to
from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.matching.documents import need_rows
from apps.matching.index.live import IndexNotReady, current_index, open_for_need
from apps.matching.lookup import store
from apps.matching.lookup.conditions import Conditions
from apps.matching.lookup.store import Answer, Pair, Question
from apps.matching.models import Priority
from apps.matching.permissions import can_look_further
from apps.matching.proposals import Finding
from apps.matching.vectors import document_now
from apps.needs.models import Need

logger = logging.getLogger(__name__)
MOST_FOUND = 20
PATIENCE_SECONDS = 10
"""How long a page waits, and how old a task may get before no worker need begin it."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is known now. `looked_at` None: nothing, and where nobody is looking, no worker answered."""

    is_waiting: bool = False
    looked_at: datetime | None = None
    pairs: tuple[Pair, ...] = ()

    @property
    def state(self) -> str:
        if self.looked_at is not None:
            return "ready"
        return "waiting" if self.is_waiting else "unavailable"


def lookup_ask(*, need: Need, conditions: Conditions, by: User) -> Lookup:
    """Have the need's ranking looked up, unless it is known or under way. NotAllowed: see `can_look_further`."""
    known = lookup_read(need=need, conditions=conditions, by=by)
    if known.state != "unavailable":
        return known
    question = _question(need, conditions, by)
    if store.begin(question, PATIENCE_SECONDS) and not _send(question):
        store.end([question])
    return lookup_read(need=need, conditions=conditions, by=by)


def lookup_read(*, need: Need, conditions: Conditions, by: User) -> Lookup:
    """The answer if there is one, and whether one is on its way. NotAllowed as `lookup_ask`."""
    can_look_further(by, need).require()
    question = _question(need, conditions, by)
    if answer := store.answer(question):
        return Lookup(looked_at=answer.at, pairs=answer.pairs)
    return Lookup(is_waiting=store.is_begun(question))


def lookup_carry_out(need_id: int, version: int, levels: list[str], conditions: dict[str, list[str]]) -> None:
    """Rank the need as it is worded now and keep the answer. For workers; who asked may look, and so may all like them.

    What cannot be ranked (the need left the board, the index is not there yet) leaves no answer, and nobody waits on.
    """
    asked = Question(need_id, version, tuple(levels), Conditions.of(**conditions))
    need = need_rows(Need.objects.filter(pk=need_id)).first()
    if need is None or not need.is_open:
        store.end([asked])
        return
    present = Question(need_id, need.version, asked.levels, asked.conditions)
    try:
        if store.answer(present) is None:
            store.keep(present, _ranked(need, present))
    except IndexNotReady as reason:
        logger.info("Need %s cannot be looked further for: %s.", need.public_id, reason)
    finally:
        store.end({asked, present})


def open_to(need: Need, by: User) -> QuerySet[Capability]:
    """What may be found for a need, as a match would choose, and no more than this person sees in the catalogue."""
    seen = Capability.objects.open_to(by)
    return seen.exclude(organisation=need.organisation_id).exclude(disclosure=Disclosure.BROKERS)


def _question(need: Need, conditions: Conditions, by: User) -> Question:
    levels = tuple(level.value for level in levels_open_to(by) if level != Disclosure.BROKERS)
    return Question(need.pk, need.version, levels, conditions)


def _ranked(need: Need, question: Question) -> Answer:
    hidden = [level for level in Disclosure if level.value not in question.levels or level == Disclosure.BROKERS]
    wanted = replace(open_for_need(need.organisation_id, hidden=hidden), facets=question.conditions.facets())
    index, document = current_index(complete=False), document_now(need)
    hits = index.rank(document, wanted, depth=MOST_FOUND, minimum=settings.MATCHING_MINIMUM_SCORE)
    findings = [
        Finding(need.pk, need.version, hit.id, hit.version, match, index.ranker.pk)
        for hit, _document, match in index.with_reasons(document, hits)
    ]
    return Answer(clock.now(), tuple(Pair(finding.capability_id, finding.fields()) for finding in findings))


def _send(question: Question) -> bool:
    arguments = [question.need_id, question.version, list(question.levels), question.conditions.as_lists()]
    try:
        current_app.send_task("matching.lookup", args=arguments, queue=Priority.INTERACTIVE, expires=PATIENCE_SECONDS)
    except OperationalError as error:
        logger.warning("The broker does not answer (%s); nothing is looked up.", error)
        return False
    return True
