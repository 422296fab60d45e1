"""Rows as they are now, held until the transaction ends: of two changes of one case, the second sees the first.

Whoever holds several takes them in one order, so that no two wait for each other: need → capability → proposal → case
→ what belongs to the case. With `no_key`, rows that refer to a held one are written meanwhile: a broker's call about a
case, say.
"""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import StateConflict
from apps.engagements.models import Contract, Engagement, Meeting, Outcome
from apps.needs.models import Need

CASE_CHANGED = _("这项对接刚刚有了新的变化，请看过最新内容后再操作。")
PAIR = ("proposal__need", "proposal__capability")


def locked_case(engagement: Engagement) -> Engagement:
    """Call first in every service that changes a case. StateConflict when the row is gone."""
    rows = Engagement.objects.select_for_update(no_key=True, of=("self",)).select_related(*PAIR)
    found = rows.filter(pk=engagement.pk).first()
    if found is None:
        raise StateConflict
    return found


def locked_case_and_need(engagement: Engagement) -> Engagement:
    """For what may change the need too: of two of its cases that end at once, the second sees that none runs."""
    Need.objects.select_for_update(no_key=True).only("pk").filter(pk=engagement.proposal.need_id).first()
    return locked_case(engagement)


def require_unchanged(
    row: Engagement | Contract | Outcome | Meeting, seen: str, message: object = CASE_CHANGED
) -> None:
    """`seen` is the revision that the person had before them; empty where they had none. StateConflict otherwise."""
    if seen and seen != row.revision:
        raise StateConflict(message)


def locked_contract(contract: Contract) -> Contract:
    """The contract as it is now, with its case held: whatever counts its money counts everything."""
    engagement = locked_case(contract.engagement)
    fresh = Contract.objects.get(pk=contract.pk)
    fresh.engagement = engagement
    return fresh


def locked_outcome(outcome: Outcome) -> Outcome:
    """The outcome as it is now, with its case and its need held: a success solves the need."""
    engagement = locked_case_and_need(outcome.engagement)
    found = Outcome.objects.select_for_update(no_key=True).filter(pk=outcome.pk).first()
    if found is None:
        raise StateConflict
    found.engagement = engagement
    return found
