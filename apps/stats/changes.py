"""What changed since the last time, and what hangs on it: by `updated_at`, and by TouchedRow where that is silent.

A row's chain, district and tiers are those of the need and the organisation behind it, so that their changes carry
over to all that hangs on them.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import models
from django.db.models import Q

from apps.accounts.models import CloudCentre, Organisation
from apps.capabilities.models import Capability
from apps.core import clock
from apps.engagements.models import Contract, Engagement, Instalment, Outcome
from apps.matching.models import Proposal
from apps.needs.models import Need
from apps.stats.ledger import read_again
from apps.stats.models import TouchedRow, Upkeep

SOURCES: tuple[type[models.Model], ...] = (
    Organisation, CloudCentre, Need, Capability, Proposal, Engagement, Contract, Instalment, Outcome,
)  # fmt: skip
# Whose rows take over what the key's row says of itself: (model, lookup of the changed row).
FOLLOWERS: dict[type[models.Model], tuple[tuple[type[models.Model], str], ...]] = {
    Organisation: ((CloudCentre, "organisation"), (Need, "organisation"), (Capability, "organisation")),
    Need: (
        (Proposal, "need"),
        (Engagement, "proposal__need"),
        (Contract, "engagement__proposal__need"),
        (Instalment, "contract__engagement__proposal__need"),
        (Outcome, "engagement__proposal__need"),
    ),
    Engagement: (
        (Contract, "engagement"),
        (Instalment, "contract__engagement"),
        (Outcome, "engagement"),
    ),
}
ROWS_AT_ONCE = 2_000
LEADERS_AT_ONCE = 100  # of those with followers: a need has hundreds of proposals
# A transaction that began this long ago has ended: what it changed shows, though dated when it was under way.
LONGEST_TRANSACTION = timedelta(minutes=2)

type Parents = dict[int, int | None]


def follow_changes(parents: Parents, until: float) -> bool:
    """Read what changed, for as long as the monotonic clock is before `until`. True where nothing is left."""
    return _follow_touched(parents) and all(_follow(model, parents, until) for model in SOURCES)


def _follow_touched(parents: Parents) -> bool:
    """A bounded number of them; the marks go once their rows were read."""
    marks = list(TouchedRow.objects.order_by("pk")[:ROWS_AT_ONCE])
    touched: dict[str, set[int]] = defaultdict(set)
    for mark in marks:
        touched[mark.model].add(mark.object_id)
    for model in SOURCES:
        if pks := touched.get(model._meta.label):
            _read_with_followers(model, pks, parents)
    TouchedRow.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks) < ROWS_AT_ONCE


def _follow(model: type[models.Model], parents: Parents, until: float) -> bool:
    """In the order in which rows were changed, from where the last time stopped.

    The first time, every table is read from its beginning by itself, and nothing need follow.
    """
    place, _made = Upkeep.objects.get_or_create(model=model._meta.label)
    is_first = place.current_at is None
    batch = LEADERS_AT_ONCE if model in FOLLOWERS and not is_first else ROWS_AT_ONCE
    since, key = place.read_until, place.read_pk
    settled = clock.now() - LONGEST_TRANSACTION
    if since is not None and since > settled:
        since, key = settled, 0
    while True:
        changed = list(_changed_after(model, since, key)[:batch])
        if changed:
            pks = [pk for _at, pk in changed]
            if is_first:
                read_again(model, pks, parents)
            else:
                _read_with_followers(model, pks, parents)
            since, key = changed[-1]
        is_last = len(changed) < batch
        remember(model, since, key, is_complete=is_last)
        if is_last or monotonic() > until:
            return is_last


def _changed_after(model: type[models.Model], since: datetime | None, key: int) -> Any:
    rows = model._default_manager.order_by("updated_at", "pk")
    if since is not None:
        # The first condition alone follows from the other two: it is what the index is asked for.
        rows = rows.filter(Q(updated_at__gt=since) | Q(pk__gt=key), updated_at__gte=since)
    return rows.values_list("updated_at", "pk")


def remember(model: type[models.Model], read_until: datetime | None, read_pk: int, *, is_complete: bool) -> None:
    values: dict[str, Any] = {"read_until": read_until, "read_pk": read_pk}
    if is_complete:
        values["current_at"] = clock.now()
    Upkeep.objects.update_or_create(model=model._meta.label, defaults=values)


def _read_with_followers(model: type[models.Model], pks: Iterable[int], parents: Parents) -> None:
    pks = list(pks)
    read_again(model, pks, parents)
    if model is Proposal:
        read_again(Need, Proposal.objects.filter(pk__in=pks).values_list("need_id", flat=True), parents)
    if model is CloudCentre:
        read_again(
            Organisation,
            CloudCentre.objects.filter(pk__in=pks).values_list("organisation_id", flat=True),
            parents,
        )
    for follower, lookup in FOLLOWERS.get(model, ()):
        for start in range(0, len(pks), LEADERS_AT_ONCE):
            led = {f"{lookup}__in": pks[start : start + LEADERS_AT_ONCE]}
            if found := list(follower._default_manager.filter(**led).order_by().values_list("pk", flat=True)):
                _read_with_followers(follower, found, parents)
