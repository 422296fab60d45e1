"""Playing the stories of the demo city: each step once, in the order of time, in transactions of its own.

A need's stories begin with its import and are over after their last step; both are in the audit trail. What lies
between is taken up again by the next load: a step that the trail knows of is not taken twice. Whatever happens to a
need once its stories are over is nobody's business here.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import QuerySet

from apps.accounts.models import PlatformRole, User
from apps.capabilities.models import Capability
from apps.core import audit, clock
from apps.core.errors import DomainError
from apps.core.models import AuditEntry
from apps.matching.models import Side
from apps.matching.runs import Superseded
from apps.matching.vectors import ensure, missing
from apps.needs.models import Need
from apps.notifications.silence import without_letters, without_notifications
from apps.stats.demo_city.seed_files import City
from apps.stats.demo_city.stories import Step, Story, Trace, steps_in_order

logger = logging.getLogger(__name__)
BEGUN, OVER = "story.begun", "story.told"
SPOILT = (DomainError, ObjectDoesNotExist, ValidationError, Superseded)
"""What a step may meet that was broken off and taken up again: somebody used the platform meanwhile."""


def begin(need: Need) -> None:
    """Say that the stories of a need are to be played. In the transaction that writes the need."""
    audit.record(need, BEGUN, by=None)


def play(city: City, owners: Mapping[str, User]) -> int:
    """Let happen what has not happened yet; how many steps that were."""
    needs = {need.external_id: need for need in _begun(owners)}
    if not needs:
        return 0
    ensure(Capability, missing(Capability).values_list("pk", flat=True))
    steps = steps_in_order(_stories(city, owners, needs))
    waiting, traces = Counter(step.need.pk for step in steps), _traces(owners)
    taken, spoilt = 0, set[int]()
    for step in steps:
        if step.need.pk not in spoilt and not step.was_taken(traces):
            taken += _take(step, spoilt)
        waiting[step.need.pk] -= 1
        if not waiting[step.need.pk]:
            with clock.at(step.moment):
                audit.record(step.need, OVER, by=None)
    return taken


def _take(step: Step, spoilt: set[int]) -> int:
    """1, or 0 for a step that cannot be taken any more: the rest of that need's stories is left untold."""
    try:
        with _told_of(step), clock.at(step.moment):
            step.take()
    except SPOILT as error:
        logger.warning("The story of need %s is left as it is: %r", step.need.external_id, error)
        spoilt.add(step.need.pk)
        return 0
    return 1


def _told_of(step: Step) -> AbstractContextManager[None]:
    """What people did stands in the inboxes of those it concerns, the lists that a match made do not.

    Nobody gets letters of an invented city.
    """
    return without_letters() if step.by is not None else without_notifications()


def _begun(owners: Mapping[str, User]) -> Iterable[Need]:
    """Needs whose stories are to be played or were broken off."""
    marks = AuditEntry.objects.filter(object_type=Need._meta.label_lower)
    over = marks.filter(action=OVER).values("object_id")
    begun = marks.filter(action=BEGUN).exclude(object_id__in=over).values("object_id")
    return _of_city(Need.objects.filter(pk__in=begun), owners)


def _traces(owners: Mapping[str, User]) -> Collection[Trace]:
    """Who did what at which moment, of the people of the city."""
    people = [user.pk for user in (*owners.values(), *_staff().values())]
    rows = AuditEntry.objects.filter(actor__in=people).values_list("at", "actor_id", "action")
    return {(at, actor, action) for at, actor, action in rows if actor is not None}


def _stories(city: City, owners: Mapping[str, User], needs: Mapping[str, Need]) -> Iterable[Story]:
    capabilities = {row.external_id: row for row in _of_city(Capability.objects.all(), owners)}
    owner_of = {user.membership.organisation_id: user for user in owners.values()}
    staff = _staff()
    for row in city.history:
        need, capability = needs.get(row["need"]), capabilities[row["capability"]]
        if need is not None:
            speakers = (owner_of[need.organisation_id], owner_of[capability.organisation_id])
            people = dict(zip(Side.values, speakers, strict=True))
            yield Story(row, need, capability, people | staff)


def _staff() -> dict[str, User]:
    """Who follows the cases that somebody follows, and who reviews stories; a city may have neither."""
    found: dict[str, User] = {}
    for role in (PlatformRole.BROKER, PlatformRole.REVIEWER):
        first = User.objects.filter(platform_role=role, is_active=True).order_by("pk").first()
        found |= {str(role): first} if first else {}
    return found


def _of_city[Row: (Need, Capability)](rows: QuerySet[Row], owners: Mapping[str, User]) -> QuerySet[Row]:
    return rows.filter(organisation__in=[user.membership.organisation_id for user in owners.values()])
