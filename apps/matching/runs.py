"""Carrying out a request to match: read, rank without holding a transaction, write in one."""

from django.conf import settings
from django.db import transaction

from apps.accounts.disclosure import Disclosure
from apps.capabilities.models import Capability
from apps.engine.matcher import ENGINE_VERSION
from apps.matching import requests
from apps.matching.corpus import Corpus, current_corpus
from apps.matching.documents import document_id, need_document, need_rows
from apps.matching.models import MatchRequest, RequestState, Stage
from apps.matching.proposals import Finding, write_for_capability, write_for_need
from apps.needs.models import Need


class Superseded(Exception):
    """What was to be matched left the board, or changed while it was being matched."""


def carry_out(request: MatchRequest) -> None:
    """Do what a claimed request asks for. Its results are written only while this attempt still holds it."""
    try:
        if request.need_id is not None:
            _match_need(request, request.need_id)
        elif request.capability_id is not None:
            _match_capability(request, request.capability_id)
    except Superseded:
        requests.finish(request, RequestState.SUPERSEDED)


def _match_need(request: MatchRequest, need_id: int) -> None:
    need = need_rows(Need.objects.filter(pk=need_id)).first()
    if need is None or not need.is_open:
        raise Superseded
    corpus = current_corpus()
    requests.report_stage(request, Stage.RANKING)
    matches = corpus.rank(
        need,
        need_document(need),
        depth=settings.MATCHING_PROPOSALS_PER_NEED,
        minimum=settings.MATCHING_MINIMUM_SCORE,
    )
    requests.report_stage(request, Stage.SAVING)
    findings = [
        Finding(need.pk, need.version, int(m.document_id), corpus.version_of(int(m.document_id)), m) for m in matches
    ]
    with transaction.atomic():
        current = Need.objects.select_for_update().filter(pk=need.pk, version=need.version).first()
        if current is None or not current.is_open:
            raise Superseded
        _finish(request, write_for_need(need.pk, _still_open(findings)))


def _match_capability(request: MatchRequest, capability_id: int) -> None:
    corpus = current_corpus()
    capability = Capability.objects.open().filter(pk=capability_id).first()
    if capability is None or capability.disclosure == Disclosure.BROKERS:
        raise Superseded
    requests.report_stage(request, Stage.RANKING)
    findings = _fitting_needs(corpus, capability)
    requests.report_stage(request, Stage.SAVING)
    with transaction.atomic():
        current = Capability.objects.select_for_update().filter(pk=capability.pk, version=capability.version).first()
        if current is None or not current.is_open:
            raise Superseded
        _finish(request, write_for_capability(capability.pk, findings))


def _fitting_needs(corpus: Corpus, capability: Capability) -> list[Finding]:
    others = Need.objects.open().exclude(organisation_id=capability.organisation_id)
    needs = {document_id(need.pk): need for need in need_rows(others)}
    matches = corpus.matcher.rank_needs(
        corpus.document_of(capability.pk),
        [need_document(need) for need in needs.values()],
        depth=settings.MATCHING_NEEDS_PER_CAPABILITY,
        minimum=settings.MATCHING_MINIMUM_SCORE,
    )
    return [
        Finding(needs[m.document_id].pk, needs[m.document_id].version, capability.pk, capability.version, m)
        for m in matches
    ]


def _still_open(findings: list[Finding]) -> list[Finding]:
    """Without capabilities that were withdrawn or changed between reading and writing."""
    ids = [finding.capability_id for finding in findings]
    versions = dict(Capability.objects.open().filter(pk__in=ids).values_list("pk", "version"))
    return [f for f in findings if versions.get(f.capability_id) == f.capability_version]


def _finish(request: MatchRequest, count: int) -> None:
    """End the request in the transaction of its results; a lost lease undoes them."""
    if not requests.finish(request, RequestState.DONE, proposals_count=count, engine_version=ENGINE_VERSION):
        raise Superseded
