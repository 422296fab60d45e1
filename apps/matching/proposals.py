"""Results of a match become proposals: upserted in bulk, answered and chosen ones kept, unchanged ones not written."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from apps.core import clock
from apps.engine.matcher import ENGINE_VERSION, Match
from apps.matching.models import GONE, Proposal, ProposalState
from apps.matching.notes import Note, picked_note, standing
from apps.matching.ordering import Candidate, Load, in_order
from apps.matching.stored_reasons import reasons_of, verdict_as_json

UNTOUCHED = (ProposalState.PROPOSED, ProposalState.VIEWED)
WRITTEN_ANEW = (
    "score",
    "parts",
    "reasons",
    "shared_terms",
    "indicator_verdicts",
    "engine_version",
    "ranker",
    "notes",
    "need_version",
    "capability_version",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One scored pair of rows, with the versions of both sides that were read."""

    need_id: int
    need_version: int
    capability_id: int
    capability_version: int
    match: Match
    ranker_id: int | None = None
    notes: tuple[Note, ...] = ()

    @property
    def standing(self) -> float:
        """What the need's list is ordered by: the score, and what moves the pair."""
        return round(self.match.score + sum(note.points for note in self.notes), 6)

    def fields(self) -> dict[str, Any]:
        """The columns of a proposal that the matcher writes."""
        return {
            "score": self.match.score,
            "parts": [asdict(part) for part in self.match.parts],
            "reasons": reasons_of(self.match),
            "shared_terms": list(self.match.shared_terms),
            "indicator_verdicts": [verdict_as_json(verdict) for verdict in self.match.verdicts],
            "engine_version": ENGINE_VERSION,
            "ranker_id": self.ranker_id,
            "notes": [note.as_json() for note in self.notes],
            "need_version": self.need_version,
            "capability_version": self.capability_version,
        }


def write_for_need(need_id: int, findings: list[Finding], *, below: Iterable[Finding] = ()) -> int:
    """The need's new list, best first. Pairs that fell out and that nobody answered lose their rank.

    `below` are known pairs that still fit but have no place in the list: the suppliers' own lists show them.
    """
    existing = {p.capability_id: p for p in Proposal.objects.filter(need_id=need_id)}
    fitting = [*findings, *below]
    _upsert(fitting, {(need_id, capability_id): p for capability_id, p in existing.items()})
    _rank(need_id, [finding.capability_id for finding in findings], fitting={f.capability_id for f in fitting})
    return len(findings)


def write_for_capability(capability_id: int, findings: list[Finding], *, newcomer: Candidate, load: Load) -> int:
    """Pairs of one capability with the needs it fits, best first; each need's list takes it in at its place.

    `newcomer` is the capability, `load` what its institution and it itself hold elsewhere. The caller holds the rows of
    these needs, so that their own matches do not rank them at the same time.
    """
    existing = {p.need_id: p for p in Proposal.objects.filter(capability_id=capability_id)}
    answered = {need_id for need_id, proposal in existing.items() if is_kept(proposal.state, proposal.notes)}
    lists = _lists_without(capability_id, [finding.need_id for finding in findings])
    taken = [
        _take_in(f, lists[f.need_id], replace(newcomer, is_answered=f.need_id in answered), load) for f in findings
    ]
    _upsert([finding for finding, _order in taken], {(need_id, capability_id): p for need_id, p in existing.items()})
    fallen_out = existing.keys() - answered - {finding.need_id for finding in findings}
    Proposal.objects.filter(
        capability_id=capability_id, need_id__in=fallen_out, state__in=UNTOUCHED, rank__isnull=False
    ).update(rank=None)
    for finding, order in taken:
        _rank(finding.need_id, order, fitting={capability_id})
    return len(findings)


def drop_untouched(proposals: QuerySet[Proposal]) -> None:
    """Take pairs off the lists that nobody answered; those with an answer keep their history."""
    proposals.filter(state__in=UNTOUCHED, rank__isnull=False).update(rank=None)


def is_kept(state: str, notes: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a pair stays in its need's list whatever a match finds: somebody answered it, or chose it by hand."""
    return state not in UNTOUCHED or picked_note(notes) is not None


def gone() -> QuerySet[Proposal]:
    """Pairs that do not come back: a list gives their place to the next."""
    return Proposal.objects.filter(state__in=GONE)


def _upsert(findings: Iterable[Finding], existing: Mapping[tuple[int, int], Proposal]) -> None:
    """Write what is new or different. A pair written meanwhile by another worker is overwritten, not doubled."""
    now = clock.now()
    rows = []
    for finding in findings:
        proposal = existing.get((finding.need_id, finding.capability_id))
        fields = finding.fields()
        if proposal and (picked := picked_note(proposal.notes)):
            fields["notes"] = [picked]  # nothing else moves what a person put there
        if proposal and all(getattr(proposal, name) == value for name, value in fields.items()):
            continue
        rows.append(Proposal(need_id=finding.need_id, capability_id=finding.capability_id, proposed_at=now, **fields))
    Proposal.objects.bulk_create(
        rows,
        batch_size=200,
        update_conflicts=True,
        unique_fields=("need", "capability"),
        update_fields=(*WRITTEN_ANEW, "updated_at"),
    )


def _rank(need_id: int, capability_ids: list[int], *, fitting: Collection[int]) -> None:
    """Give the pairs places 1, 2, … in this order, those chosen by hand behind them; write only what changed.

    `fitting` are the capabilities that were scored for it just now: chosen ones among them return to the list.
    """
    rows = list(Proposal.objects.filter(need_id=need_id).only("capability_id", "rank", "state", "score", "notes"))
    place = {capability_id: number for number, capability_id in enumerate(capability_ids, start=1)}
    chosen = [row for row in rows if row.capability_id not in place and _stays_chosen(row, fitting)]
    for row in sorted(chosen, key=lambda row: (-row.score, row.capability_id)):
        place[row.capability_id] = len(place) + 1
    changed = []
    for proposal in rows:
        wanted = place.get(proposal.capability_id)
        if wanted is None and proposal.state not in UNTOUCHED:
            continue  # somebody answered: it stays where it was
        if proposal.rank != wanted:
            proposal.rank = wanted
            changed.append(proposal)
    Proposal.objects.bulk_update(changed, ["rank"], batch_size=200)


def _stays_chosen(proposal: Proposal, fitting: Collection[int]) -> bool:
    """Chosen by hand, unanswered, and not dropped with a row that left the board."""
    if proposal.state not in UNTOUCHED or picked_note(proposal.notes) is None:
        return False
    return proposal.rank is not None or proposal.capability_id in fitting


def _lists_without(capability_id: int, need_ids: list[int]) -> dict[int, list[Candidate]]:
    """The present lists of needs, each row with what it stands by, but for this capability."""
    listed = Proposal.objects.filter(need__in=need_ids, rank__isnull=False).exclude(state__in=GONE)
    rows = listed.exclude(capability=capability_id).values(
        "need_id", "capability_id", "score", "notes", "capability__title", "capability__fingerprint__group"
    )
    lists: dict[int, list[Candidate]] = {need_id: [] for need_id in need_ids}
    for row in rows:
        lists[row["need_id"]].append(
            Candidate(
                capability_id=row["capability_id"],
                score=standing(row["score"], row["notes"]),
                organisation_id=0,
                group=row["capability__fingerprint__group"],
                title=row["capability__title"],
                is_answered=True,
            )
        )
    return lists


def _take_in(finding: Finding, rows: list[Candidate], newcomer: Candidate, load: Load) -> tuple[Finding, list[int]]:
    """Put one pair at its place in the need's list, which keeps its length: the finding with its notes, the new order.

    The others are where their own matches put them: only the newcomer is held against the caps.
    """
    candidate = replace(newcomer, score=finding.match.score, notes=finding.notes)
    order = in_order([*rows, candidate], load, settings.MATCHING_PROPOSALS_PER_NEED)
    found = next(c for c in (*order.listed, *order.others) if c.capability_id == candidate.capability_id)
    return replace(finding, notes=found.notes), [c.capability_id for c in order.listed]
