"""Matching one row, for a request or as part of a rematch: read, rank without holding a transaction, write in one.

The rows whose lists are written are held meanwhile, needs before capabilities, by locks (`no_key`) that let others
write pairs which refer to them: a need and a capability that are matched at once would otherwise wait for each other.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import transaction

from apps.accounts.disclosure import Disclosure
from apps.capabilities.models import Capability
from apps.engine.documents import Document
from apps.engine.index.shelf import Hit
from apps.engine.matcher import ENGINE_VERSION
from apps.matching import notices, requests
from apps.matching.documents import capability_rows, need_rows
from apps.matching.duplicates import fold
from apps.matching.fingerprints import refresh
from apps.matching.index.live import LiveIndex, current_index, open_for_capability
from apps.matching.learning.decline_effects import DeclineEffects
from apps.matching.listing import list_for_need, newcomer_of, within_caps
from apps.matching.models import MatchRequest, Priority, RequestState, Stage
from apps.matching.proposals import Finding, gone, write_for_capability, write_for_need
from apps.matching.prospects import find_prospects, write_prospects
from apps.matching.replies.waits import list_waits_begin
from apps.matching.vectors import document_now, ensure
from apps.needs.models import Need


class Superseded(Exception):
    """What was to be matched left the board, or changed while it was being matched."""


class LeaseLost(Superseded):
    """Another worker holds the job now, or it was stopped: its results count, not these."""


class Hold(Protocol):
    """A job that a worker has claimed: it may end it only while its claim holds."""

    def report(self, stage: Stage) -> None:
        """Say how far it is, to whoever waits."""

    def finish(self, proposals_count: int) -> bool:
        """End it, in the transaction of its results; False where the claim is lost."""


@dataclass(frozen=True, slots=True)
class RequestHold:
    """The hold on a single request."""

    request: MatchRequest

    def report(self, stage: Stage) -> None:
        requests.report_stage(self.request, stage)

    def finish(self, proposals_count: int) -> bool:
        return requests.finish(
            self.request, RequestState.DONE, proposals_count=proposals_count, engine_version=ENGINE_VERSION
        )


def carry_out(request: MatchRequest) -> None:
    """Do what a claimed request asks for. Its results are written only while this attempt still holds it.

    Raises IndexNotReady; a person who waits gets what can be ranked at once, even while an import is being read.
    """
    complete = request.priority == Priority.BULK
    try:
        if request.need_id is not None:
            match_need(request.need_id, RequestHold(request), complete=complete)
        elif request.capability_id is not None:
            match_capability(request.capability_id, RequestHold(request), complete=complete)
    except Superseded:
        requests.finish(request, RequestState.SUPERSEDED)


def match_need(need_id: int, hold: Hold, index: LiveIndex | None = None, *, complete: bool = True) -> None:
    """Write a need's list anew. `index` is the present one unless given, by callers that match many in some seconds.

    Raises Superseded where the need is not to be matched any more, LeaseLost where the job is another's.
    """
    need = need_rows(Need.objects.filter(pk=need_id)).first()
    if need is None or not need.is_open:
        raise Superseded
    refresh(Need, [need.pk])
    ensure(Need, [need.pk])
    index = index or current_index(complete=complete)
    hold.report(Stage.RANKING)
    listing = list_for_need(index, need)
    hold.report(Stage.SAVING)
    with transaction.atomic():
        current = Need.objects.select_for_update(no_key=True).filter(pk=need.pk, version=need.version).first()
        if current is None or not current.is_open:
            raise Superseded
        listing = within_caps(listing, need.pk, index.sizes())
        known = notices.listed_pairs(need=need.pk)
        _finish(hold, write_for_need(need.pk, _still_open(listing.listed), below=_still_open(listing.below)))
        if notices.tell_of_need_list(current, known):
            list_waits_begin([current.pk])


def match_capability(capability_id: int, hold: Hold, index: LiveIndex | None = None, *, complete: bool = True) -> None:
    """Write the pairs of a capability with the needs it fits, ended ones apart; raises as `match_need`."""
    ensure(Capability, [capability_id])
    index = index or current_index(complete=complete)
    capability = capability_rows(Capability.objects.open().filter(pk=capability_id)).first()
    if capability is None or capability.disclosure == Disclosure.BROKERS:
        raise Superseded
    refresh(Capability, [capability.pk])
    hold.report(Stage.RANKING)
    offered = document_now(capability)
    findings, prospects = _fitting_needs(index, capability, offered), find_prospects(index, capability, offered)
    hold.report(Stage.SAVING)
    with transaction.atomic():
        findings = _still_asked(findings)
        current = (
            Capability.objects.select_for_update(no_key=True)
            .filter(pk=capability.pk, version=capability.version)
            .first()
        )
        if current is None or not current.is_open:
            raise Superseded
        newcomer, load = newcomer_of(capability, index.sizes())
        write_prospects(capability.pk, prospects)
        known = notices.listed_pairs(capability=capability.pk)
        _finish(hold, write_for_capability(capability.pk, findings, newcomer=newcomer, load=load))
        list_waits_begin({pair.need_id for pair in notices.tell_of_capability_list(current, known)})


def _fitting_needs(index: LiveIndex, capability: Capability, offered: Document) -> list[Finding]:
    """The needs it fits best, each with its near-duplicates; and those it was paired with before, if it still fits."""
    wanted, minimum = open_for_capability(capability.organisation_id), settings.MATCHING_MINIMUM_SCORE
    refused = gone().filter(capability=capability).values_list("need_id", flat=True)
    ranked = index.rank_needs(offered, wanted, minimum=minimum, without=refused)
    best = fold(ranked, Need, _key, depth=settings.MATCHING_NEEDS_PER_CAPABILITY)
    known = set(capability.proposals.values_list("need_id", flat=True))
    chosen = {hit.id for hit in (*best.places, *best.followers)} | known
    found = index.needs_with_reasons(offered, [hit for hit in ranked if hit.id in chosen])
    effects = DeclineEffects([hit.id for hit, *_ in found], [capability.pk])
    return [
        Finding(
            need_id=hit.id,
            need_version=hit.version,
            capability_id=capability.pk,
            capability_version=capability.version,
            match=match,
            ranker_id=index.ranker.pk,
            notes=effects.notes(hit.id, need, capability.pk),
        )
        for hit, need, match in found
    ]


def _key(hit: Hit) -> int:
    return hit.id


def _still_open(findings: list[Finding]) -> list[Finding]:
    """Without capabilities that were withdrawn or changed between reading and writing."""
    ids = [finding.capability_id for finding in findings]
    versions = dict(Capability.objects.open().filter(pk__in=ids).values_list("pk", "version"))
    return [f for f in findings if versions.get(f.capability_id) == f.capability_version]


def _still_asked(findings: list[Finding]) -> list[Finding]:
    """Without needs that left the board or changed meanwhile; those that stay are held until the list is written."""
    ids = [finding.need_id for finding in findings]
    held = Need.objects.open().filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    versions = dict(held.values_list("pk", "version"))
    return [f for f in findings if versions.get(f.need_id) == f.need_version]


def _finish(hold: Hold, count: int) -> None:
    """End the job in the transaction of its results; a lost lease undoes them."""
    if not hold.finish(count):
        raise LeaseLost
