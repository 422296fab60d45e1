"""Starting and stopping rematches."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.core.lifecycle import move
from apps.matching import requests
from apps.matching.models import ACTIVE_REMATCHES, Rematch, RematchCause, RematchScope, RematchState
from apps.matching.permissions import can_rematch_city
from apps.matching.rematches import chunks
from apps.matching.rematches.lifecycle import REMATCH_LIFECYCLE
from apps.matching.rematches.targets import Target

UNDER_WAY = _("这个范围已有一项重新匹配在进行或暂停中，请先等它完成，或者取消它。")
EVERYTHING = Target(RematchScope.NEEDS)


def rematch_start(*, target: Target, by: User | None, cause: RematchCause = RematchCause.PERSON) -> Rematch:
    """Match every open row of `target` anew, in the background. None as `by` is the platform itself.

    Raises StateConflict where the same target is under way, NotAllowed where `by` may not.
    """
    if by is not None:
        can_rematch_city(by).require()
    return _start(target, by, cause)


@transaction.atomic
def rematch_after_new_weights(*, by: User | None) -> Rematch:
    """Match all open needs anew with the weights now in use; what was under way with the old ones is given up."""
    held = Rematch.objects.select_for_update(no_key=True).filter(target=EVERYTHING.name, state__in=ACTIVE_REMATCHES)
    for outdated in held:
        _move(outdated, RematchState.CANCELLED, "rematch.replaced", by, finished_at=clock.now(), lease_until=None)
    return _start(EVERYTHING, by, RematchCause.RANKER)


def _start(target: Target, by: User | None, cause: RematchCause) -> Rematch:
    keys = target.rows().values_list("pk", flat=True)
    try:
        with transaction.atomic():
            rematch = Rematch.objects.create(
                scope=target.scope,
                chain=target.chain,
                district=target.district,
                since=target.since,
                target=target.name,
                cause=cause,
                started_by=by,
                total=keys.count(),
                last_row=keys.last() or 0,  # later ones are matched when they are published
                chunk_size=settings.MATCHING_REMATCH_CHUNK,
                started_at=clock.now(),
            )
            audit.record(rematch, "rematch.started", by=by, changes={"target": target.name, "total": rematch.total})
            _tell_workers(rematch)
    except IntegrityError as error:
        raise StateConflict(UNDER_WAY) from error
    return rematch


@transaction.atomic
def rematch_pause(*, rematch: Rematch, by: User | None) -> None:
    """Stop after the row that is being matched; what is done stays done."""
    _require(by)
    _move(rematch, RematchState.PAUSED, "rematch.paused", by, lease_until=None)


def rematch_resume(*, rematch: Rematch, by: User | None) -> None:
    """Go on where it stopped, paused or broken off."""
    _require(by)
    fields = {"finished_at": None, "lease_until": None, "stalled": 0, "failures_in_row": 0, "error": ""}
    try:
        with transaction.atomic():
            _move(rematch, RematchState.RUNNING, "rematch.resumed", by, **fields)
            _tell_workers(rematch)
    except IntegrityError as error:  # another of the same target was started since it broke off
        raise StateConflict(UNDER_WAY) from error


@transaction.atomic
def rematch_cancel(*, rematch: Rematch, by: User | None) -> None:
    """Give it up; what is done stays done."""
    _require(by)
    _move(rematch, RematchState.CANCELLED, "rematch.cancelled", by, finished_at=clock.now(), lease_until=None)


def _require(by: User | None) -> None:
    if by is not None:
        can_rematch_city(by).require()


def _move(rematch: Rematch, target: RematchState, action: str, by: User | None, **fields: object) -> None:
    move(rematch, target, lifecycle=REMATCH_LIFECYCLE, action=action, by=by, **fields)


def _tell_workers(rematch: Rematch) -> None:
    if requests.hints_are_sent():
        transaction.on_commit(lambda: chunks.send_hint(rematch.public_id))
