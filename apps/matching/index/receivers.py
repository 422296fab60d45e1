"""Every way of a row into what is matched, out of it, or to saying something else becomes a change.

Renewed capabilities are among them: readers hold the last day of each. So are organisations, whose district counts
for rows without one.
"""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability
from apps.capabilities.signals import (
    capabilities_imported,
    capability_published,
    capability_renewed,
    capability_withdrawn,
)
from apps.matching.index import changes
from apps.matching.models import RowKind
from apps.needs.models import ENDED_STATES, OPEN_STATES, Need
from apps.needs.signals import ended_need_changed, need_published, need_withdrawn, needs_imported


@receiver([capability_published, capability_renewed, capability_withdrawn])
def capability_changed(sender: object, *, capability: Capability, **_: Any) -> None:
    changes.record(RowKind.CAPABILITY, [capability.pk])


@receiver(capabilities_imported)
def capabilities_changed(sender: object, *, capabilities: list[Capability], **_: Any) -> None:
    changes.record(RowKind.CAPABILITY, [capability.pk for capability in capabilities])


@receiver([need_published, need_withdrawn, ended_need_changed])
def need_changed(sender: object, *, need: Need, **_: Any) -> None:
    changes.record(RowKind.NEED, [need.pk])


@receiver(needs_imported)
def needs_changed(sender: object, *, needs: list[Need], **_: Any) -> None:
    changes.record(RowKind.NEED, [need.pk for need in needs])


@receiver(post_save, sender=Organisation)
def organisation_moved(
    sender: object, *, instance: Organisation, created: bool, update_fields: frozenset[str] | None, **_: Any
) -> None:
    """Saved with its district, by itself or by an administrator: whether that is another one is not told here."""
    if created or (update_fields is not None and "district" not in update_fields):
        return
    open_rows = Capability.objects.open().filter(organisation=instance, district__isnull=True)
    changes.record(RowKind.CAPABILITY, open_rows.values_list("pk", flat=True))
    needs = Need.objects.filter(organisation=instance, state__in=(*OPEN_STATES, *ENDED_STATES))
    changes.record(RowKind.NEED, needs.values_list("pk", flat=True))
