"""Keeping what was said when it was submitted or published."""

from datetime import datetime

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.needs.models import Need
from apps.review.models import Kind, Snapshot
from apps.review.models.subjects import kind_of
from apps.review.wording import said_by


def snapshot_take(*, row: Need | Capability, by: User | None) -> Snapshot | None:
    """Keep what `row` says now; None where its last snapshot says the same. Call inside the change's transaction."""
    latest = row.snapshots.first()
    content = said_by(row)
    if latest is not None and latest.content == content:
        return None
    owner = {"need" if kind_of(row) == Kind.NEED else "capability": row}
    return Snapshot.objects.create(**owner, version=row.version, content=content, taken_at=clock.now(), taken_by=by)


def snapshots_check(*, row: Need | Capability, at: datetime) -> None:
    """A reviewer has looked at everything so far."""
    row.snapshots.filter(checked_at=None).update(checked_at=at)
