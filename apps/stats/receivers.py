"""Marks what changes without its `updated_at`: rows that are deleted, and lists of terms that a figure goes by."""

from typing import Any

from django.db import models
from django.db.models.signals import m2m_changed, post_delete
from django.dispatch import receiver

from apps.accounts.models import CloudCentre, Organisation
from apps.capabilities.models import Capability
from apps.matching.models import Proposal
from apps.needs.models import Need
from apps.stats.changes import SOURCES
from apps.stats.models import TouchedRow


def mark_deleted(sender: type[models.Model], instance: Any, **_: Any) -> None:
    touched = [TouchedRow(model=sender._meta.label, object_id=instance.pk)]
    if sender is Proposal:
        touched.append(TouchedRow(model=Need._meta.label, object_id=instance.need_id))
    if sender is CloudCentre:
        touched.append(TouchedRow(model=Organisation._meta.label, object_id=instance.organisation_id))
    TouchedRow.objects.bulk_create(touched)


for source in SOURCES:
    post_delete.connect(mark_deleted, sender=source, dispatch_uid=f"stats.{source._meta.label}")


@receiver(m2m_changed, sender=Organisation.tiers.through)
@receiver(m2m_changed, sender=Capability.industries.through)
def mark_terms(instance: Any, action: str, reverse: bool, **_: Any) -> None:  # noqa: FBT001  (Django's signature)
    if action.startswith("post_") and not reverse:
        TouchedRow.objects.create(model=instance._meta.label, object_id=instance.pk)
