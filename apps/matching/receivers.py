"""Changes of needs and capabilities become requests to match, in the same transaction."""

from typing import Any

from django.dispatch import receiver

from apps.capabilities.models import Capability
from apps.capabilities.signals import capabilities_imported, capability_published, capability_withdrawn
from apps.matching.models import MatchRequest, Priority, Proposal, RequestState
from apps.matching.proposals import drop_untouched
from apps.matching.prospects import forget_prospects
from apps.matching.replies.asks import asks_drop, asks_reopen
from apps.matching.replies.waits import reply_waits_begin, waits_drop
from apps.matching.requests import request_for_capability, request_for_needs
from apps.needs.models import Need
from apps.needs.signals import need_published, need_withdrawn, needs_imported


@receiver(need_published)
def match_need(sender: object, *, need: Need, **_: Any) -> None:
    request_for_needs([need], priority=Priority.INTERACTIVE)
    forget_prospects(need=need)
    reply_waits_begin([need])
    asks_reopen(need=need)


@receiver(needs_imported)
def match_imported_needs(sender: object, *, needs: list[Need], **_: Any) -> None:
    request_for_needs(needs, priority=Priority.BULK)
    reply_waits_begin(needs)


@receiver(capability_published)
def match_capability(sender: object, *, capability: Capability, **_: Any) -> None:
    request_for_capability(capability)
    asks_reopen(capability=capability)


@receiver(capabilities_imported)
def match_open_needs(sender: object, *, capabilities: list[Capability], **_: Any) -> None:
    """Many capabilities at once: it is cheaper, and the same to a need, to match every open need again.

    A large import sends this for each of its batches: needs that wait already are not read again.
    """
    waiting = MatchRequest.objects.filter(state=RequestState.PENDING, need__isnull=False)
    request_for_needs(Need.objects.open().exclude(pk__in=waiting.values("need")), priority=Priority.BULK)


@receiver(need_withdrawn)
def drop_proposals_of_need(sender: object, *, need: Need, **_: Any) -> None:
    drop_untouched(Proposal.objects.filter(need=need))
    asks_drop(need=need)
    waits_drop(need)


@receiver(capability_withdrawn)
def drop_proposals_of_capability(sender: object, *, capability: Capability, **_: Any) -> None:
    drop_untouched(Proposal.objects.filter(capability=capability))
    asks_drop(capability=capability)
    forget_prospects(capability=capability)
