"""Celery tasks: doors to the services. Every task may run twice, late, or not at all."""

from typing import Any

from celery import shared_task

from apps.capabilities.selectors import capabilities_past_their_day
from apps.capabilities.services import capability_go_stale
from apps.core.errors import StateConflict


@shared_task(name="capabilities.go_stale")
def go_stale(**_: Any) -> None:
    """Capabilities past their last day leave the catalogue until somebody confirms them."""
    for capability in capabilities_past_their_day().iterator(chunk_size=500):
        try:
            capability_go_stale(capability=capability)
        except StateConflict:  # confirmed or taken down at this very moment
            continue
