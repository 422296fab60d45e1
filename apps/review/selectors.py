"""What the page of an item tells beside the item."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability, CapabilityState
from apps.needs.models import Need, NeedState
from apps.review.differences import Piece, differences
from apps.review.models import Row, Snapshot, Verdict
from apps.review.models.subjects import kind_of
from apps.review.wording import label_of, said_by

MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Changed:
    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the row says now against `base`, what was said when a reviewer last looked, or the version before."""

    base: Snapshot
    changes: list[Changed]


def history_of(row: Row) -> QuerySet[Verdict]:
    """Verdicts, the latest first."""
    return Verdict.objects.filter(**{str(kind_of(row)): row}).select_related("reviewer")[:MOST_TOLD]


def side_by_side(row: Need | Capability) -> Comparison | None:
    """None where nothing earlier was kept, or nothing differs from it."""
    now = said_by(row)
    kept = [snapshot for snapshot in row.snapshots.all()[:MOST_TOLD] if snapshot.content != now]
    base = next((snapshot for snapshot in kept if snapshot.checked_at), kept[0] if kept else None)
    if base is None:
        return None
    changes = differences(base.content, now)
    return Comparison(base, [Changed(label_of(row, item.name), item.before, item.after) for item in changes])


def namesakes(organisation: Organisation) -> QuerySet[Organisation]:
    """Other organisations that may be the same: of the same short name, or one's name within the other's."""
    same = Q(name__icontains=organisation.name)
    if organisation.short_name:
        same |= Q(short_name=organisation.short_name) | Q(name__icontains=organisation.short_name)
    return Organisation.objects.filter(same).exclude(pk=organisation.pk).order_by("name")[:MOST_TOLD]


def submissions_of(organisation: Organisation) -> list[Need | Capability]:
    """What becomes public once it is verified."""
    needs = Need.objects.filter(organisation=organisation, state=NeedState.SUBMITTED)
    rows = Capability.objects.filter(organisation=organisation, state=CapabilityState.SUBMITTED)
    return [*needs[:MOST_TOLD], *rows[:MOST_TOLD]]
