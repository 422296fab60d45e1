"""The later life of a need: renewed, closed, reopened, engaged, solved, expired."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.core.lifecycle import move
from apps.needs import notices, signals
from apps.needs.lifecycle import NEED_LIFECYCLE
from apps.needs.models import DEFAULT_VALIDITY, ENDED_STATES, LONGEST_VALIDITY, OPEN_STATES, Need, NeedState
from apps.needs.permissions import can_manage
from apps.needs.validators import require_publishable

RENEWABLE_STATES = (*OPEN_STATES, NeedState.EXPIRED)
CLOSABLE_STATES = (
    NeedState.DRAFT,
    NeedState.RETURNED,
    NeedState.PUBLISHED,
    NeedState.ENGAGED,
    NeedState.UNMATCHED,
    NeedState.EXPIRED,
)
REOPENABLE_STATES = (NeedState.CLOSED, NeedState.UNMATCHED)


def renewed_until(need: Need) -> date:
    """90 days more, counted from its last day or from today if that is past; at most 365 days from today."""
    today = clock.today()
    return min(max(need.valid_until, today) + DEFAULT_VALIDITY, today + LONGEST_VALIDITY)


@transaction.atomic
def need_renew(*, need: Need, by: User) -> Need:
    """Extend its validity, and put it back on the board if it had expired. It is matched anew."""
    can_manage(by, need).require()
    if need.state not in RENEWABLE_STATES:
        raise StateConflict(_("只有已发布、对接中或已过期的需求可以续期。"))
    last_day, now = renewed_until(need), clock.now()
    fields: dict[str, Any] = {"valid_until": last_day, "version": need.version + 1, "confirmed_at": now}
    if need.state == NeedState.EXPIRED:
        _move(need, NeedState.PUBLISHED, "need.renewed", by, **fields)
    elif last_day == need.valid_until:
        return need
    else:
        fields["updated_at"] = now
        if not Need.objects.filter(pk=need.pk, version=need.version, state=need.state).update(**fields):
            raise StateConflict
        need.refresh_from_db(fields=list(fields))
        audit.record(need, "need.renewed", by=by, changes={"valid_until": last_day})
    signals.need_published.send(Need, need=need, by=by)
    return need


@transaction.atomic
def need_close(*, need: Need, by: User) -> Need:
    """Take it off the board, or give up a draft."""
    can_manage(by, need).require()
    before = need.state
    _move(need, NeedState.CLOSED, "need.closed", by, closed_at=clock.now())
    if before in OPEN_STATES:
        signals.need_withdrawn.send(Need, need=need, by=by)
    elif before in ENDED_STATES:
        signals.ended_need_changed.send(Need, need=need, by=by)
    return need


@transaction.atomic
def need_reopen(*, need: Need, by: User) -> Need:
    """A closed or unmatched need goes back on the board if it was there before, else it is a draft again."""
    can_manage(by, need).require()
    if need.state not in REOPENABLE_STATES:
        raise StateConflict
    if need.published_at is None or not need.organisation.is_verified:
        _move(need, NeedState.DRAFT, "need.reopened", by, closed_at=None)
        return need
    last_day = need.valid_until if need.valid_until >= clock.today() else renewed_until(need)
    need.valid_until = last_day
    require_publishable(need)
    fields = {"closed_at": None, "valid_until": last_day, "version": need.version + 1, "confirmed_at": clock.now()}
    _move(need, NeedState.PUBLISHED, "need.reopened", by, **fields)
    signals.need_published.send(Need, need=need, by=by)
    return need


def need_engage(*, need: Need, by: User | None) -> Need:
    """Two sides have met over it. Called by the apps above, which have checked `by`; again is no change."""
    if need.state != NeedState.ENGAGED:
        _move(need, NeedState.ENGAGED, "need.engaged", by)
    return need


@transaction.atomic
def need_disengage(*, need: Need, by: User | None) -> Need:
    """None of its cases runs any more: back on the board and matched again, or expired where its last day is past.

    Called by the apps above, which have checked `by`; a need that is not engaged stays as it is.
    """
    if need.state != NeedState.ENGAGED:
        return need
    if need.valid_until < clock.today():
        _move(need, NeedState.EXPIRED, "need.disengaged", by)
        signals.need_withdrawn.send(Need, need=need, by=by)
    else:
        _move(need, NeedState.PUBLISHED, "need.disengaged", by)
        signals.need_published.send(Need, need=need, by=by)
    return need


@transaction.atomic
def need_solve(*, need: Need, by: User) -> Need:
    """Its organisation says that the problem is solved."""
    can_manage(by, need).require()
    _move(need, NeedState.SOLVED, "need.solved", by)
    signals.need_withdrawn.send(Need, need=need, by=by)
    return need


@transaction.atomic
def need_expire(*, need: Need) -> Need:
    """Its last day is past. Its organisation may renew it with one click."""
    if need.valid_until >= clock.today():
        raise StateConflict(_("需求仍在有效期内。"))
    _move(need, NeedState.EXPIRED, "need.expired", None)
    signals.need_withdrawn.send(Need, need=need, by=None)
    notices.tell_of_expiry(need)
    return need


def _move(need: Need, target: NeedState, action: str, by: User | None, **fields: Any) -> None:
    move(need, target, lifecycle=NEED_LIFECYCLE, action=action, by=by, **fields)
