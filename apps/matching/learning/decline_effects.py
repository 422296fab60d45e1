"""What a decline changes for the next list: the table of docs/matching.md as code.

The score stays the score. An effect is a note with points that move the pair in the need's list.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apps.capabilities.models import Capability
from apps.core import clock
from apps.engine import indicator_signal
from apps.engine.documents import Document
from apps.matching.documents import capability_document, capability_rows
from apps.matching.models import Proposal, ProposalState, Side
from apps.matching.notes import Note

FIELD = 12.0
"""For a capability that bears all which the declined one has beyond the need; in proportion for a part of it."""
POINTS = {
    "indicator_short": 10.0,
    "maturity_low": 10.0,
    "region": 8.0,
    "has_partner": 8.0,
    "ip_concern": 6.0,
    "no_capacity": 6.0,
    "insufficient_info": 5.0,
}
REST = timedelta(days=30)
"""So long a supplier that had no capacity is proposed less."""
THIN_TEXT = 150
"""Characters; a longer text is not called too short because another one of its length was."""
PROTECTED = "granted"


@dataclass(frozen=True, slots=True)
class Offer:
    """What effects look at in a capability."""

    pk: int
    title: str
    organisation_id: int
    district_id: int | None
    trl: int | None
    ip_status: str
    text_length: int
    document: Document

    @classmethod
    def of(cls, capability: Capability) -> "Offer":
        return cls(
            pk=capability.pk,
            title=capability.title,
            organisation_id=capability.organisation_id,
            district_id=capability.district_id or capability.organisation.district_id,
            trl=capability.trl,
            ip_status=str(capability.details.get("ip_status", "")),
            text_length=len(capability.value) + len(capability.description),
            document=capability_document(capability),
        )


@dataclass(frozen=True, slots=True)
class Decline:
    """One declined pair of a need."""

    reason: str
    side: str
    offer: Offer
    missed: frozenset[str]


class DeclineEffects:
    """The effects of what was declined, for the pairs of some needs with some capabilities."""

    def __init__(self, need_ids: Collection[int], capability_ids: Collection[int]) -> None:
        """Reads the declines in a constant number of queries; the offers only where there is a decline."""
        rows = list(_declined(need_ids))
        self._resting = set(_resting(capability_ids))
        wanted = {row.capability_id for row in rows} | (set(capability_ids) if rows else set())
        offers = capability_rows(Capability.objects.filter(pk__in=wanted)).select_related("organisation")
        self._offers = {capability.pk: Offer.of(capability) for capability in offers} if wanted else {}
        self._declines: dict[int, list[Decline]] = {}
        for row in rows:
            self._declines.setdefault(row.need_id, []).append(_decline(row, self._offers[row.capability_id]))

    def notes(self, need_id: int, need: Document, capability_id: int) -> tuple[Note, ...]:
        """What moves this pair; of several effects of one kind the strongest."""
        found = [Note("no_capacity", -POINTS["no_capacity"])] if capability_id in self._resting else []
        offer = self._offers.get(capability_id)
        for decline in self._declines.get(need_id, []):
            note = _effect(decline, need, offer) if offer else None
            if note is not None:
                found.append(note)
        strongest: dict[str, Note] = {}
        for note in sorted(found, key=lambda note: (note.points, note.kind, note.about)):
            strongest.setdefault(note.kind, note)
        return tuple(strongest.values())


def _declined(need_ids: Collection[int]) -> Iterable[Proposal]:
    rows = Proposal.objects.filter(need__in=need_ids, state=ProposalState.DECLINED).select_related("decline_reason")
    return rows.only("need_id", "capability_id", "declined_side", "indicator_verdicts", "decline_reason__code")


def _resting(capability_ids: Collection[int]) -> Iterable[int]:
    """Capabilities whose side said within the last days that it has no capacity."""
    declines = Proposal.objects.filter(
        capability__in=capability_ids,
        state=ProposalState.DECLINED,
        declined_side=Side.CAPABILITY,
        decline_reason__code="no_capacity",
        declined_at__gte=clock.now() - REST,
    )
    return declines.values_list("capability_id", flat=True)


def _decline(row: Proposal, offer: Offer) -> Decline:
    return Decline(
        reason=row.decline_reason.code if row.decline_reason else "",
        side=row.declined_side,
        offer=offer,
        missed=frozenset(verdict["name"] for verdict in row.indicator_verdicts if _is_missed(verdict)),
    )


def _is_missed(verdict: Any) -> bool:
    return bool(verdict["status"] == "missed" and verdict["is_hard"])


def _effect(decline: Decline, need: Document, offer: Offer) -> Note | None:
    """What one decline does to one other capability for the same need."""
    if decline.reason == "has_partner":
        return _note(decline) if offer.organisation_id == decline.offer.organisation_id else None
    if decline.reason == "field_mismatch":
        same_house = offer.organisation_id == decline.offer.organisation_id
        return _field_note(decline, need, offer) if decline.side == Side.NEED or same_house else None
    if decline.side != Side.NEED:
        return None
    if decline.reason == "indicator_short":
        missed = _missed_by(need, offer, decline.missed)
        return Note("indicator_short", -POINTS["indicator_short"], missed) if missed else None
    return _note(decline) if decline.reason in POINTS and _is_alike(decline, offer) else None


def _note(decline: Decline) -> Note:
    return Note(decline.reason, -POINTS[decline.reason], decline.offer.title)


def _field_note(decline: Decline, need: Document, offer: Offer) -> Note | None:
    """By what the two share that the need did not ask for: what it did ask for cannot be the wrong field."""
    beyond = set(decline.offer.document.tags) - set(need.tags)
    shared = beyond & set(offer.document.tags)
    if not shared:
        return None
    return Note("field_mismatch", -round(FIELD * len(shared) / len(beyond), 1), decline.offer.title)


def _missed_by(need: Document, offer: Offer, missed: frozenset[str]) -> str:
    """The first hard indicator that the declined one missed and this one misses too.

    Where it was not written down which one was missed, any will do.
    """
    for verdict in indicator_signal.verdicts(need, offer.document):
        name = verdict.need.name
        if verdict.status == "missed" and verdict.need.is_hard and (not missed or name in missed):
            return name
    return ""


def _is_alike(decline: Decline, offer: Offer) -> bool:
    """In that respect for which the other one was declined; silence is not held against anybody."""
    other = decline.offer
    match decline.reason:
        case "maturity_low":
            return offer.trl is not None and other.trl is not None and offer.trl <= other.trl
        case "region":
            return offer.district_id is not None and offer.district_id == other.district_id
        case "insufficient_info":
            return offer.text_length <= min(other.text_length, THIN_TEXT)
        case "ip_concern":
            return bool(offer.ip_status) and offer.ip_status == other.ip_status != PROTECTED
    return False
