"""Capabilities that somebody should confirm: which ones, and confirming several at a time."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.selectors import capabilities_of_my_organisation
from apps.capabilities.services.upkeep import capability_confirm
from apps.core import clock
from apps.core.rounds import Tried, try_each

CONFIRMATION_DUE_DAYS = 30


def is_due(capability: Capability) -> bool:
    """Stale, past its last day, or within a month of it."""
    last_day = clock.today() + timedelta(days=CONFIRMATION_DUE_DAYS)
    is_published = capability.state == CapabilityState.PUBLISHED
    return capability.state == CapabilityState.STALE or (is_published and capability.valid_until <= last_day)


def capabilities_due(user: User) -> QuerySet[Capability]:
    """Those of the person's organisation, the most urgent first."""
    last_day = clock.today() + timedelta(days=CONFIRMATION_DUE_DAYS)
    due = Q(state=CapabilityState.STALE) | Q(state=CapabilityState.PUBLISHED, valid_until__lte=last_day)
    return capabilities_of_my_organisation(user).filter(due).order_by("valid_until", "id")


def capabilities_confirm(*, capabilities: Iterable[Capability], by: User) -> Tried:
    """Each by itself."""
    return try_each(capabilities, lambda capability: capability_confirm(capability=capability, by=by))
