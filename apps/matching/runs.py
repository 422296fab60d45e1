"""Matching one row, for a request or as part of a rematch: read, rank without holding a transaction, write in one.

The rows whose lists are written are held meanwhile, by locks (`no_key`) that let others write pairs which refer to
them: a need and a capability that are matched at once would otherwise wait for each other.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.disclosure import Disclosure
from apps.capabilities.models import Capability
from apps.engine.matcher import ENGINE_VERSION
from apps.matching import requests
from apps.matching.corpus import Corpus, current_corpus
from apps.matching.documents import document_id, need_rows
from apps.matching.duplicates import fold
from apps.matching.fingerprints import refresh
from apps.matching.learning.decline_effects import DeclineEffects
from apps.matching.listing import list_for_need, newcomer_of, within_caps
from apps.matching.models import MatchRequest, Proposal, RequestState, Stage
from apps.matching.proposals import Finding, declined, write_for_capability, write_for_need
from apps.matching.prospects import find_prospects, write_prospects
from apps.matching.vectors import documents_of, ensure
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
    """Do what a claimed request asks for. Its results are written only while this attempt still holds it."""
    try:
        if request.need_id is not None:
            match_need(request.need_id, RequestHold(request))
        elif request.capability_id is not None:
            match_capability(request.capability_id, RequestHold(request))
    except Superseded:
        requests.finish(request, RequestState.SUPERSEDED)


def match_need(need_id: int, hold: Hold, corpus: Corpus | None = None) -> None:
    """Write a need's list anew. `corpus` is the present one unless given, by callers that match many in some seconds.

    Raises Superseded where the need is not to be matched any more, LeaseLost where the job is another's.
    """
    need = need_rows(Need.objects.filter(pk=need_id)).first()
    if need is None or not need.is_open:
        raise Superseded
    refresh(Need, [need.pk])
    ensure(Need, [need.pk])
    corpus = corpus or current_corpus()
    hold.report(Stage.RANKING)
    listing = list_for_need(corpus, need)
    hold.report(Stage.SAVING)
    with transaction.atomic():
        current = Need.objects.select_for_update(no_key=True).filter(pk=need.pk, version=need.version).first()
        if current is None or not current.is_open:
            raise Superseded
        listing = within_caps(listing, need.pk, corpus.sizes())
        _finish(hold, write_for_need(need.pk, _still_open(listing.listed), below=_still_open(listing.below)))


def match_capability(capability_id: int, hold: Hold, corpus: Corpus | None = None) -> None:
    """Write the pairs of a capability with the needs it fits, ended ones apart; raises as `match_need`."""
    ensure(Capability, [capability_id])
    corpus = corpus or current_corpus()
    capability = Capability.objects.open().filter(pk=capability_id).first()
    if capability is None or capability.disclosure == Disclosure.BROKERS:
        raise Superseded
    refresh(Capability, [capability.pk])
    hold.report(Stage.RANKING)
    findings, prospects = _fitting_needs(corpus, capability), find_prospects(corpus, capability)
    hold.report(Stage.SAVING)
    with transaction.atomic():
        current = (
            Capability.objects.select_for_update(no_key=True)
            .filter(pk=capability.pk, version=capability.version)
            .first()
        )
        if current is None or not current.is_open:
            raise Superseded
        findings, (newcomer, load) = _still_asked(findings), newcomer_of(capability, corpus.sizes())
        write_prospects(capability.pk, prospects)
        _finish(hold, write_for_capability(capability.pk, findings, newcomer=newcomer, load=load))


def _fitting_needs(corpus: Corpus, capability: Capability) -> list[Finding]:
    """The needs it fits best, each with its near-duplicates; and those it was paired with before, if it still fits."""
    others = Need.objects.open().exclude(organisation_id=capability.organisation_id)
    others = others.exclude(pk__in=declined().filter(capability=capability).values("need_id"))
    needs = {document_id(need.pk): need for need in need_rows(others)}
    documents = {document.id: document for document in documents_of(list(needs.values()))}
    offered, minimum = corpus.document_of(capability.pk), settings.MATCHING_MINIMUM_SCORE
    ranked = corpus.matcher.rank_needs(offered, list(documents.values()), depth=0, minimum=minimum, explain=False)
    best = fold(ranked, Need, lambda match: int(match.document_id), depth=settings.MATCHING_NEEDS_PER_CAPABILITY)
    chosen = {match.document_id for match in (*best.places, *best.followers)} | _ids(
        capability.proposals.all(), "need_id"
    )
    fitting = [documents[match.document_id] for match in ranked if match.document_id in chosen]
    found = corpus.matcher.rank_needs(offered, fitting, depth=0, minimum=minimum)
    effects = DeclineEffects([needs[match.document_id].pk for match in found], [capability.pk])
    return [
        Finding(
            need_id=needs[m.document_id].pk,
            need_version=needs[m.document_id].version,
            capability_id=capability.pk,
            capability_version=capability.version,
            match=m,
            ranker_id=corpus.ranker.pk,
            notes=effects.notes(needs[m.document_id].pk, documents[m.document_id], capability.pk),
        )
        for m in found
    ]


def _ids(proposals: QuerySet[Proposal], column: str) -> set[str]:
    return {document_id(pk) for pk in proposals.values_list(column, flat=True)}


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
