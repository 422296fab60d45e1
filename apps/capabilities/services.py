"""Whatever changes a capability."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import organisation_of
from apps.capabilities.kinds import clean_details
from apps.capabilities.lifecycle import CAPABILITY_LIFECYCLE
from apps.capabilities.models import (
    DEFAULT_VALIDITY,
    Capability,
    CapabilityIndicator,
    CapabilityState,
)
from apps.capabilities.permissions import can_act_as_owner, can_create, can_edit, can_review, can_submit
from apps.capabilities.signals import capability_published, capability_withdrawn
from apps.capabilities.validators import publication_gaps
from apps.core import audit, clock
from apps.core.errors import NotAllowed, StateConflict
from apps.core.lifecycle import move
from apps.taxonomy.models import Term

LISTS = ("industries", "tech_fields", "tags", "cooperation_modes")


def _move(capability: Capability, target: CapabilityState, action: str, by: User | None, **fields: Any) -> None:
    move(capability, target, lifecycle=CAPABILITY_LIFECYCLE, action=action, by=by, **fields)


@transaction.atomic
def capability_draft_create(
    *,
    by: User,
    form_key: UUID,
    fields: dict[str, Any],
    lists: dict[str, Iterable[Term]],
    indicators: list[CapabilityIndicator],
) -> Capability:
    """A new draft; the same form sent twice makes one. `fields` are columns, `lists` the vocabularies' choices.

    Raises NotAllowed, or ValidationError by field.
    """
    can_create(by).require()
    organisation = organisation_of(by)
    if organisation is None:
        raise NotAllowed
    existing = Capability.objects.filter(form_key=form_key, organisation=organisation).first()
    if existing:
        return existing
    capability = Capability(organisation=organisation, created_by=by, contact=by, form_key=form_key)
    _fill(capability, fields)
    capability.full_clean()
    capability.save()
    _fill_rows(capability, lists, indicators)
    audit.record(capability, "capability.created", by=by, changes={"title": capability.title})
    return capability


@transaction.atomic
def capability_update(
    *,
    capability: Capability,
    by: User,
    version: int,
    fields: dict[str, Any],
    lists: dict[str, Iterable[Term]],
    indicators: list[CapabilityIndicator],
) -> Capability:
    """Change what it says. `version` is the one the person saw: StateConflict where somebody was faster.

    A published capability that is changed must still be fit to publish, and is matched again.
    """
    can_edit(by, capability).require()
    locked = Capability.objects.select_for_update().get(pk=capability.pk)
    if locked.version != version:
        raise StateConflict
    before = {name: getattr(locked, name) for name in fields}
    _fill(locked, fields)
    locked.version += 1
    locked.full_clean()
    locked.save()
    _fill_rows(locked, lists, indicators)
    changes = {name: [before[name], value] for name, value in fields.items() if before[name] != value}
    audit.record(locked, "capability.updated", by=by, changes=changes)
    if locked.state == CapabilityState.PUBLISHED:
        _require_complete(locked)
        capability_published.send(Capability, capability=locked, by=by)
    return locked


def _fill(capability: Capability, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(capability, name, value)
    capability.details = clean_details(capability.kind, capability.details)


def _fill_rows(capability: Capability, lists: dict[str, Iterable[Term]], indicators: list[CapabilityIndicator]) -> None:
    for name, terms in lists.items():
        getattr(capability, name).set(terms)
    capability.indicators.all().delete()
    for position, row in enumerate(indicators):
        row.pk, row.capability, row.position = None, capability, position
        row.full_clean()
        row.save(force_insert=True)


def _require_complete(capability: Capability) -> None:
    gaps = publication_gaps(capability)
    if gaps:
        raise ValidationError(gaps)


@transaction.atomic
def capability_publish(*, capability: Capability, by: User) -> Capability:
    """Submit it; with a verified organisation it is published at once, otherwise when the organisation is.

    Raises NotAllowed, StateConflict, or ValidationError by field for what is missing.
    """
    can_submit(by, capability).require()
    _require_complete(capability)
    now = clock.now()
    _move(capability, CapabilityState.SUBMITTED, "capability.submitted", by, submitted_at=now, return_reason="")
    if capability.organisation.is_verified:
        _publish(capability, by)
    return capability


def _publish(capability: Capability, by: User | None) -> None:
    now = clock.now()
    fields: dict[str, Any] = {"published_at": now, "confirmed_at": now}
    if capability.valid_until < clock.today():
        fields["valid_until"] = clock.today() + DEFAULT_VALIDITY
    _move(capability, CapabilityState.PUBLISHED, "capability.published", by, **fields)
    capability_published.send(Capability, capability=capability, by=by)


@transaction.atomic
def capability_approve(*, capability: Capability, by: User) -> Capability:
    """A reviewer publishes a submitted capability."""
    can_review(by, capability).require()
    _publish(capability, by)
    return capability


@transaction.atomic
def capabilities_publish_waiting(*, organisation: Organisation, by: User | None) -> None:
    """Publish what waited for its organisation to be verified."""
    for capability in Capability.objects.filter(organisation=organisation, state=CapabilityState.SUBMITTED):
        _publish(capability, by)


@transaction.atomic
def capability_return(*, capability: Capability, by: User, reason: str) -> Capability:
    """A reviewer sends it back with a reason; what was published leaves the catalogue."""
    can_review(by, capability).require()
    was_published = capability.state == CapabilityState.PUBLISHED
    _move(capability, CapabilityState.RETURNED, "capability.returned", by, return_reason=reason)
    if was_published:
        capability_withdrawn.send(Capability, capability=capability, by=by)
    return capability


@transaction.atomic
def capability_archive(*, capability: Capability, by: User) -> Capability:
    """Take it down; cases that already run go on."""
    can_act_as_owner(by, capability).require()
    _move(capability, CapabilityState.ARCHIVED, "capability.archived", by)
    capability_withdrawn.send(Capability, capability=capability, by=by)
    return capability


@transaction.atomic
def capability_reopen(*, capability: Capability, by: User) -> Capability:
    """Back from the archive: to the catalogue where it was fit to publish, to the drafts otherwise."""
    can_act_as_owner(by, capability).require()
    if capability.organisation.is_verified and capability.published_at and not publication_gaps(capability):
        _publish(capability, by)
    else:
        _move(capability, CapabilityState.DRAFT, "capability.reopened", by)
    return capability


@transaction.atomic
def capability_confirm(*, capability: Capability, by: User) -> Capability:
    """Still true: one click renews it for a year from today."""
    can_act_as_owner(by, capability).require()
    if capability.state == CapabilityState.STALE:
        _publish(capability, by)
    elif capability.state != CapabilityState.PUBLISHED:
        raise StateConflict
    was_open = capability.is_open
    capability.valid_until = clock.today() + DEFAULT_VALIDITY
    capability.confirmed_at = clock.now()
    capability.save(update_fields=("valid_until", "confirmed_at", "updated_at"))
    audit.record(capability, "capability.confirmed", by=by, changes={"valid_until": capability.valid_until})
    if not was_open:
        capability_published.send(Capability, capability=capability, by=by)
    return capability
