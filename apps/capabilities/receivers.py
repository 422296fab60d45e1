"""What waited for an organisation is published when the organisation is verified."""

from typing import Any

from django.dispatch import receiver

from apps.accounts.models import Organisation, User
from apps.accounts.signals import organisation_verified
from apps.capabilities.services import capabilities_publish_waiting


@receiver(organisation_verified)
def publish_waiting(sender: object, *, organisation: Organisation, by: User | None, **_: Any) -> None:
    capabilities_publish_waiting(organisation=organisation, by=by)
