"""The way of a need onto the board: submitted, then published at once where its organisation is verified."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import DomainError, StateConflict
from apps.core.lifecycle import move
from apps.needs import notices, signals
from apps.needs.lifecycle import NEED_LIFECYCLE
from apps.needs.models import OPEN_STATES, Need, NeedState
from apps.needs.permissions import can_edit, can_review, can_submit
from apps.needs.validators import require_publishable


@transaction.atomic
def need_submit(*, need: Need, by: User) -> Need:
    """Submit a draft or a returned need; publish it too, in the same transaction, if its organisation is verified.

    ValidationError by field when something is missing. A need that is submitted or published already stays as it is:
    a button pressed twice does one thing.
    """
    can_submit(by, need).require()
    if need.state in (NeedState.SUBMITTED, NeedState.PUBLISHED):
        return need
    require_publishable(need)
    move(
        need,
        NeedState.SUBMITTED,
        lifecycle=NEED_LIFECYCLE,
        action="need.submitted",
        by=by,
        submitted_at=clock.now(),
        return_reason="",
    )
    signals.need_submitted.send(Need, need=need, by=by)
    if need.organisation.is_verified:
        need_publish(need=need, by=by)
    return need


@transaction.atomic
def need_publish(*, need: Need, by: User | None) -> Need:
    """Put a submitted need on the board. The caller has checked that `by` may; None is the platform itself."""
    if not need.organisation.is_verified:
        raise DomainError(_("需求单位尚未通过核验，核验通过后需求会自动发布。"))
    now = clock.now()
    move(
        need,
        NeedState.PUBLISHED,
        lifecycle=NEED_LIFECYCLE,
        action="need.published",
        by=by,
        published_at=now,
        confirmed_at=now,
        closed_at=None,
    )
    signals.need_published.send(Need, need=need, by=by)
    notices.tell_of_publication(need, by=by)
    return need


def need_approve(*, need: Need, by: User) -> Need:
    """A reviewer puts a submitted need on the board."""
    can_review(by, need).require()
    if need.state != NeedState.SUBMITTED:  # others reach the board by their own doors
        raise StateConflict
    return need_publish(need=need, by=by)


@transaction.atomic
def need_return(*, need: Need, by: User, reason: str) -> Need:
    """A reviewer sends a submitted or published need back to be mended; `reason` (at most 300 signs) says how."""
    can_review(by, need).require()
    if not reason.strip():
        raise DomainError(_("请写明退回原因，方便企业修改。"))
    was_on_board = need.state in OPEN_STATES
    move(
        need,
        NeedState.RETURNED,
        lifecycle=NEED_LIFECYCLE,
        action="need.returned",
        by=by,
        return_reason=reason.strip()[:300],
    )
    notices.tell_of_return(need, by=by)
    if was_on_board:
        signals.need_withdrawn.send(Need, need=need, by=by)
    return need


def need_recall(*, need: Need, by: User) -> Need:
    """Its organisation takes a submitted need back to go on writing."""
    can_edit(by, need).require()
    if need.state != NeedState.SUBMITTED:  # a closed need becomes a draft by being reopened
        raise StateConflict
    move(need, NeedState.DRAFT, lifecycle=NEED_LIFECYCLE, action="need.recalled", by=by)
    return need
