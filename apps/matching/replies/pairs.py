"""Holding a pair while its state changes."""

from apps.capabilities.models import Capability
from apps.matching.models import Priority, Proposal
from apps.matching.requests import request_for_needs
from apps.needs.models import Need


def pair_locked(proposal: Proposal) -> Proposal:
    """The row as it is now, held until the transaction ends: the second of two answers sees the first.

    Its need and its capability are held before it, in the order of matches: a row that leaves the board at this moment
    does so wholly before or wholly after.
    """
    rows_locked(need_id=proposal.need_id, capability_id=proposal.capability_id)
    rows = Proposal.objects.select_for_update(no_key=True, of=("self",)).select_related("need", "capability")
    return rows.get(pk=proposal.pk)


def rows_locked(*, need_id: int, capability_id: int) -> None:
    """Both rows of a pair, whether there is a proposal yet or not."""
    Need.objects.select_for_update(no_key=True).only("pk").get(pk=need_id)
    Capability.objects.select_for_update(no_key=True).only("pk").get(pk=capability_id)


def list_anew(need: Need) -> None:
    """Not urgent: whoever answers a list card by card should not see it move under their hands."""
    if need.is_open:
        request_for_needs([need], priority=Priority.BULK)
