"""The later life of a capability: confirmed, gone stale, taken down, put back."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.capabilities import notices, signals
from apps.capabilities.gates import kept_back
from apps.capabilities.lifecycle import CAPABILITY_LIFECYCLE
from apps.capabilities.models import DEFAULT_VALIDITY, Capability, CapabilityState
from apps.capabilities.permissions import can_manage
from apps.capabilities.services.publication import publish
from apps.capabilities.validators import publication_gaps
from apps.core import audit, clock
from apps.core.errors import DomainError, StateConflict
from apps.core.lifecycle import move


def renewed_until() -> date:
    """A year from today."""
    return clock.today() + DEFAULT_VALIDITY


@transaction.atomic
def capability_confirm(*, capability: Capability, by: User) -> Capability:
    """Still true: one click renews it for a year from today, and brings a stale one back to the catalogue."""
    can_manage(by, capability).require()
    was_open = capability.is_open
    fields = {"valid_until": renewed_until(), "confirmed_at": clock.now()}
    if capability.state == CapabilityState.STALE:
        if missing := kept_back(capability):
            raise DomainError(missing)
        publish(capability, by, published_at=capability.published_at, **fields)
    elif capability.state == CapabilityState.PUBLISHED:
        _renew(capability, by, fields)
    else:
        raise StateConflict(_("只有已发布或待确认的资源需要确认。"))
    news = signals.capability_renewed if was_open else signals.capability_published
    news.send(Capability, capability=capability, by=by)
    return capability


def _renew(capability: Capability, by: User, fields: dict[str, Any]) -> None:
    published = Capability.objects.filter(pk=capability.pk, state=CapabilityState.PUBLISHED)
    if not published.update(**fields, updated_at=clock.now()):
        raise StateConflict
    capability.refresh_from_db(fields=[*fields, "updated_at"])
    audit.record(capability, "capability.confirmed", by=by, changes={"valid_until": capability.valid_until})


@transaction.atomic
def capability_go_stale(*, capability: Capability) -> Capability:
    """Its last day is past and nobody has confirmed it: it leaves the catalogue until somebody does."""
    if capability.valid_until >= clock.today():
        raise StateConflict(_("资源仍在有效期内。"))
    _move(capability, CapabilityState.STALE, "capability.went_stale", None)
    signals.capability_withdrawn.send(Capability, capability=capability, by=None)
    notices.tell_of_staleness(capability)
    return capability


@transaction.atomic
def capability_archive(*, capability: Capability, by: User) -> Capability:
    """Take it down, or give up a draft; cases that already run go on."""
    can_manage(by, capability).require()
    was_published = capability.state == CapabilityState.PUBLISHED
    _move(capability, CapabilityState.ARCHIVED, "capability.archived", by)
    if was_published:
        signals.capability_withdrawn.send(Capability, capability=capability, by=by)
    return capability


@transaction.atomic
def capability_reopen(*, capability: Capability, by: User) -> Capability:
    """Back from the archive: to the catalogue if it was there and is still fit for it, to the drafts otherwise."""
    can_manage(by, capability).require()
    if capability.state != CapabilityState.ARCHIVED:
        raise StateConflict
    if capability.valid_until < clock.today():
        capability.valid_until = renewed_until()
    if capability.published_at and capability.organisation.is_verified and not _is_barred(capability):
        publish(capability, by, valid_until=capability.valid_until)
        signals.capability_published.send(Capability, capability=capability, by=by)
    else:
        _move(capability, CapabilityState.DRAFT, "capability.reopened", by, valid_until=capability.valid_until)
    return capability


def _is_barred(capability: Capability) -> bool:
    return bool(publication_gaps(capability) or kept_back(capability))


def _move(capability: Capability, target: CapabilityState, action: str, by: User | None, **fields: Any) -> None:
    move(capability, target, lifecycle=CAPABILITY_LIFECYCLE, action=action, by=by, **fields)
