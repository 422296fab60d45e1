"""Whatever changes a capability."""

from apps.capabilities.services.drafts import StaleForm, capability_draft_save, capability_update_published
from apps.capabilities.services.imports import capabilities_import
from apps.capabilities.services.publication import (
    capabilities_publish_waiting,
    capabilities_release,
    capability_approve,
    capability_publish,
    capability_recall,
    capability_release,
    capability_return,
    capability_turn_back,
)
from apps.capabilities.services.upkeep import (
    capability_archive,
    capability_confirm,
    capability_go_stale,
    capability_reopen,
)

__all__ = [
    "StaleForm",
    "capabilities_import",
    "capabilities_publish_waiting",
    "capabilities_release",
    "capability_approve",
    "capability_archive",
    "capability_confirm",
    "capability_draft_save",
    "capability_go_stale",
    "capability_publish",
    "capability_recall",
    "capability_release",
    "capability_reopen",
    "capability_return",
    "capability_turn_back",
    "capability_update_published",
]
