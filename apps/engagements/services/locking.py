"""Rows as they are now, held until the transaction ends: of two changes of one case, the second sees the first."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import StateConflict
from apps.engagements.models import Contract, Engagement

PAIR = ("proposal__need", "proposal__capability")


def locked_case(engagement: Engagement) -> Engagement:
    """Call first in every service that changes a case. StateConflict when the row is gone."""
    rows = Engagement.objects.select_for_update(of=("self",)).select_related(*PAIR)
    found = rows.filter(pk=engagement.pk).first()
    if found is None:
        raise StateConflict
    return found


def require_unchanged(row: Engagement, seen: str) -> None:
    """`seen` is the revision that the person had before them; empty where they had none. StateConflict otherwise."""
    if seen and seen != row.revision:
        raise StateConflict(_("这项对接刚刚有了新的变化，请看过最新内容后再操作。"))


def locked_contract(contract: Contract) -> Contract:
    """The contract as it is now, with its case held: whatever counts its money counts everything."""
    engagement = locked_case(contract.engagement)
    fresh = Contract.objects.get(pk=contract.pk)
    fresh.engagement = engagement
    return fresh
