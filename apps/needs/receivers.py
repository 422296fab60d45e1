"""Receivers of signals."""

from typing import Any

from django.dispatch import receiver

from apps.accounts.models import Organisation, User
from apps.accounts.signals import organisation_verified
from apps.needs.models import Need, NeedState
from apps.needs.services.publication import need_publish


@receiver(organisation_verified)
def publish_waiting_needs(sender: object, *, organisation: Organisation, by: User | None, **_: Any) -> None:
    """What its people submitted while the organisation waited for verification goes on the board."""
    waiting = Need.objects.filter(organisation=organisation, state=NeedState.SUBMITTED)
    for need in waiting.select_related("organisation"):
        need_publish(need=need, by=by)
