"""The way of a capability into the catalogue: submitted, then published at once where its organisation is verified."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.capabilities import notices, signals
from apps.capabilities.gates import kept_back, kept_back_among
from apps.capabilities.lifecycle import CAPABILITY_LIFECYCLE
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.permissions import can_edit, can_review, can_submit
from apps.capabilities.validators import require_publishable
from apps.core import clock
from apps.core.errors import DomainError, StateConflict
from apps.core.lifecycle import move, move_all


@transaction.atomic
def capability_publish(*, capability: Capability, by: User) -> Capability:
    """Submit it; with a verified organisation it is published at once, otherwise when the organisation is.

    ValidationError by field for what is missing. One that is submitted or published already stays as it is: a button
    pressed twice does one thing.
    """
    can_submit(by, capability).require()
    if capability.state in (CapabilityState.SUBMITTED, CapabilityState.PUBLISHED):
        return capability
    require_publishable(capability)
    submit(capability, by)
    signals.capability_submitted.send(Capability, capability=capability, by=by)
    if capability.organisation.is_verified and not kept_back(capability):
        publish(capability, by)
        signals.capability_published.send(Capability, capability=capability, by=by)
    return capability


@transaction.atomic
def capability_approve(*, capability: Capability, by: User) -> Capability:
    """A reviewer publishes a submitted capability."""
    can_review(by, capability).require()
    if capability.state != CapabilityState.SUBMITTED:  # others reach the catalogue by their own doors
        raise StateConflict
    if not capability.organisation.is_verified:
        raise DomainError(_("所属机构尚未通过核验，核验通过后资源会自动发布。"))
    if missing := kept_back(capability):
        raise DomainError(missing)
    publish(capability, by)
    signals.capability_published.send(Capability, capability=capability, by=by)
    notices.tell_of_publication(capability, by=by)
    return capability


@transaction.atomic
def capabilities_publish_waiting(*, organisation: Organisation, by: User | None) -> None:
    """Publish what waited for its organisation to be verified."""
    waiting = list(Capability.objects.filter(organisation=organisation, state=CapabilityState.SUBMITTED))
    kept = kept_back_among(waiting)
    for capability in waiting:
        if capability.pk in kept:
            continue
        publish(capability, by)
        signals.capability_published.send(Capability, capability=capability, by=by)
        notices.tell_of_publication(capability, by=by)


@transaction.atomic
def capability_release(*, capability: Capability) -> Capability:
    """What kept it back is gone: into the catalogue, unless something else does. Called by the apps above."""
    waits = capability.state == CapabilityState.SUBMITTED and capability.organisation.is_verified
    if waits and not kept_back(capability):
        publish(capability, None)
        signals.capability_published.send(Capability, capability=capability, by=None)
        notices.tell_of_publication(capability, by=None)
    return capability


@transaction.atomic
def capabilities_release(*, capabilities: Sequence[Capability]) -> int:
    """As `capability_release` for many, which the caller has locked; how many went out. Nobody is told of each."""
    kept = kept_back_among(capabilities)
    ready = [
        row
        for row in capabilities
        if row.state == CapabilityState.SUBMITTED and row.organisation.is_verified and row.pk not in kept
    ]
    publish_all(ready, None)
    if ready:
        signals.capabilities_imported.send(Capability, capabilities=ready)
    return len(ready)


@transaction.atomic
def capability_turn_back(*, capability: Capability, reason: str) -> Capability:
    """Whom it names does not want it shown like this. Called by the apps above, which have checked that."""
    was_published = capability.state == CapabilityState.PUBLISHED
    _move(capability, CapabilityState.RETURNED, "capability.returned", None, return_reason=reason.strip()[:300])
    notices.tell_of_return(capability, by=None)
    if was_published:
        signals.capability_withdrawn.send(Capability, capability=capability, by=None)
    return capability


@transaction.atomic
def capability_return(*, capability: Capability, by: User, reason: str) -> Capability:
    """A reviewer sends it back; `reason` (at most 300 signs) says how to mend it. It leaves the catalogue."""
    can_review(by, capability).require()
    if not reason.strip():
        raise DomainError(_("请写明退回原因，方便对方修改。"))
    was_published = capability.state == CapabilityState.PUBLISHED
    _move(capability, CapabilityState.RETURNED, "capability.returned", by, return_reason=reason.strip()[:300])
    notices.tell_of_return(capability, by=by)
    if was_published:
        signals.capability_withdrawn.send(Capability, capability=capability, by=by)
    return capability


def capability_recall(*, capability: Capability, by: User) -> Capability:
    """Its organisation takes a submitted capability back to go on writing."""
    can_edit(by, capability).require()
    if capability.state != CapabilityState.SUBMITTED:  # an archived one becomes a draft by being reopened
        raise StateConflict
    _move(capability, CapabilityState.DRAFT, "capability.recalled", by)
    return capability


def submit(capability: Capability, by: User | None) -> None:
    now = clock.now()
    _move(capability, CapabilityState.SUBMITTED, "capability.submitted", by, submitted_at=now, return_reason="")


def publish(capability: Capability, by: User | None, **fields: Any) -> None:
    """Into the catalogue; the caller has checked that it may, and tells those who listen."""
    now = clock.now()
    fields = {"published_at": now, "confirmed_at": now, **fields}
    _move(capability, CapabilityState.PUBLISHED, "capability.published", by, **fields)


def submit_all(capabilities: Sequence[Capability], by: User | None) -> None:
    """As `submit`, for many at once."""
    fields = {"submitted_at": clock.now(), "return_reason": ""}
    _move_all(capabilities, CapabilityState.SUBMITTED, "capability.submitted", by, **fields)


def publish_all(capabilities: Sequence[Capability], by: User | None) -> None:
    """As `publish`, for many at once."""
    now = clock.now()
    fields = {"published_at": now, "confirmed_at": now}
    _move_all(capabilities, CapabilityState.PUBLISHED, "capability.published", by, **fields)


def _move_all(
    capabilities: Sequence[Capability], target: CapabilityState, action: str, by: User | None, **fields: Any
) -> None:
    move_all(capabilities, target, lifecycle=CAPABILITY_LIFECYCLE, action=action, by=by, **fields)


def _move(capability: Capability, target: CapabilityState, action: str, by: User | None, **fields: Any) -> None:
    move(capability, target, lifecycle=CAPABILITY_LIFECYCLE, action=action, by=by, **fields)
