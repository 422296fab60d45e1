"""Services of the review desk."""

from apps.review.services.deciding import (
    Assessment,
    Overtaken,
    Seen,
    item_decide,
    last_verdict,
    require_unchanged,
    seen_now,
)
from apps.review.services.snapshots import snapshot_take, snapshots_check
from apps.review.services.taking import handling_of, item_release, item_take, looker

__all__ = [
    "Assessment",
    "Overtaken",
    "Seen",
    "handling_of",
    "item_decide",
    "item_release",
    "item_take",
    "last_verdict",
    "looker",
    "require_unchanged",
    "seen_now",
    "snapshot_take",
    "snapshots_check",
]
