"""A need's list: the best candidates by score, moved by caps and earlier answers, near-duplicates folded."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability
from apps.engine.documents import Document
from apps.engine.index.shelf import Hit
from apps.matching.duplicates import groups_of
from apps.matching.exposure import expert_id, load_of, open_places
from apps.matching.fingerprints import refresh
from apps.matching.index.live import LiveIndex, open_for_need
from apps.matching.learning.decline_effects import DeclineEffects
from apps.matching.models import Fingerprint, ProposalState, Side
from apps.matching.notes import Note
from apps.matching.ordering import Candidate, Load, Order, in_order
from apps.matching.proposals import Finding, is_kept
from apps.matching.vectors import documents_of
from apps.needs.models import Need

CANDIDATES_PER_PLACE = 3
"""So many are looked at for each place: what is moved back makes room for what stood behind it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a match of a need writes: `listed` in order, and `below`, known or folded pairs without a place.

    `candidates` and `load` are what the caps were held against.
    """

    listed: list[Finding]
    below: list[Finding]
    candidates: Mapping[int, Candidate]
    load: Load


def list_for_need(index: LiveIndex, need: Need) -> Listing:
    """Rank, order, and explain only what is shown somewhere."""
    (document,) = documents_of([need])
    known = list(need.proposals.values("capability_id", "state", "declined_side", "notes"))
    wanted, refused = open_for_need(need.organisation_id), _refused(known)
    minimum, length = settings.MATCHING_MINIMUM_SCORE, settings.MATCHING_PROPOSALS_PER_NEED
    pool = index.rank(document, wanted, depth=length * CANDIDATES_PER_PLACE, minimum=minimum, without=refused)
    candidates = _candidates(need.pk, document, pool, known)
    load = load_of(candidates, open_places().exclude(need=need), index.sizes())
    order = in_order(candidates, load, length)
    shown = {c.capability_id for c in (*order.listed, *_folded(order))} | {row["capability_id"] for row in known}
    hits = [hit for hit in pool if hit.id in shown]
    if beyond := shown - {hit.id for hit in pool}:  # proposed before, and not among the best any more
        hits += index.rank(document, wanted, minimum=minimum, among=beyond, without=refused)
    notes = {c.capability_id: c.notes for c in (*order.listed, *order.others)}
    findings = {
        hit.id: Finding(need.pk, need.version, hit.id, hit.version, match, index.ranker.pk, notes.get(hit.id, ()))
        for hit, _, match in index.with_reasons(document, hits)
    }
    listed = [findings.pop(c.capability_id) for c in order.listed if c.capability_id in findings]
    return Listing(listed, list(findings.values()), {c.capability_id: c for c in order.listed}, load)


def _refused(known: Collection[Mapping[str, Any]]) -> set[int]:
    """What was declined does not come back, nor what says the same; what was not answered in time, neither.

    The need's side has seen what it declined, whoever lists it once more; a supplier declines for its own house only.
    """
    sides = {row["capability_id"]: row["declined_side"] for row in known if row["state"] == ProposalState.DECLINED}
    late = {row["capability_id"] for row in known if row["state"] == ProposalState.TIMED_OUT}
    groups = groups_of(Capability, sides)
    if not groups:
        return set(sides) | late
    by_need = {group for pk, group in groups.items() if sides[pk] == Side.NEED}
    rows = Capability.objects.filter(pk__in=sides).values_list("pk", "organisation_id")
    houses = {(groups[pk], organisation_id) for pk, organisation_id in rows if pk in groups}
    twins = Fingerprint.objects.filter(group__in=set(groups.values()), capability__isnull=False)
    return (
        set(sides)
        | late
        | {
            pk
            for pk, group, organisation_id in twins.values_list("capability", "group", "capability__organisation")
            if group in by_need or (group, organisation_id) in houses
        }
    )


def _candidates(
    need_id: int, document: Document, pool: Iterable[Hit], known: Iterable[Mapping[str, Any]]
) -> list[Candidate]:
    scores = {hit.id: hit.points for hit in pool}
    answered = {row["capability_id"] for row in known if is_kept(row["state"], row["notes"])}
    refresh(Capability, scores)  # imports publish hundreds at once, whom no match of their own has compared
    effects, groups = DeclineEffects([need_id], list(scores)), groups_of(Capability, scores)
    rows = Capability.objects.filter(pk__in=scores).values_list("pk", "organisation_id", "kind", "title")
    return [
        Candidate(
            capability_id=pk,
            score=scores[pk],
            organisation_id=organisation_id,
            expert_id=expert_id(pk, kind),
            group=groups.get(pk),
            title=title,
            is_answered=pk in answered,
            notes=() if pk in answered else effects.notes(need_id, document, pk),
        )
        for pk, organisation_id, kind, title in rows
    ]


def _folded(order: Order) -> list[Candidate]:
    """Twins of what is listed: shown under it."""
    return [candidate for candidate in order.others if any(note.kind == "same_group" for note in candidate.notes)]


def within_caps(listing: Listing, need_id: int, sizes: Mapping[int, int]) -> Listing:
    """The listing without what other lists have filled up meanwhile. Call in the transaction that writes it.

    Institutions past half of their cap, or with such experts, are held until the transaction ends; for the others a
    few lists written at once cannot reach the cap.
    """
    busy = [candidate for candidate in listing.candidates.values() if listing.load.is_busy(candidate)]
    if not busy:
        return listing
    _hold_institutions({candidate.organisation_id for candidate in busy})
    load = load_of(busy, open_places().exclude(need=need_id), sizes)
    full: set[int] = set()
    for candidate in busy:
        if not candidate.is_answered and load.is_full(candidate):
            full.add(candidate.capability_id)
        else:
            load.add(candidate)
    moved = [replace(f, notes=(*f.notes, Note("exposure_full"))) for f in listing.listed if f.capability_id in full]
    kept = [finding for finding in listing.listed if finding.capability_id not in full]
    return replace(listing, listed=kept, below=[*listing.below, *moved])


def newcomer_of(capability: Capability, sizes: Mapping[int, int]) -> tuple[Candidate, Load]:
    """A capability that the needs' lists take in, and what it and its institution hold already. In the transaction."""
    newcomer = Candidate(
        capability_id=capability.pk,
        score=0.0,
        organisation_id=capability.organisation_id,
        expert_id=expert_id(capability.pk, capability.kind),
        group=groups_of(Capability, [capability.pk]).get(capability.pk),
        title=capability.title,
    )
    places = open_places().exclude(capability=capability)
    load = load_of([newcomer], places, sizes)
    if load.is_busy(newcomer):
        _hold_institutions([capability.organisation_id])
        load = load_of([newcomer], places, sizes)
    return newcomer, load


def _hold_institutions(pks: Iterable[int]) -> None:
    """Locked last, after needs and capabilities, and in the order of their keys: nobody waits in a circle."""
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=set(pks)).order_by("pk").values_list("pk"))
