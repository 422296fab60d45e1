"""From scored candidates to a need's list: plain numbers in, places out."""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from apps.matching.notes import Note

EXPOSURE_MARGIN = 10.0
"""Points by which a pair of somebody who stands in many lists must lead the next."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One capability for one need. `expert_id` is the capability where it is a person, `group` its near-duplicates'.

    A candidate that somebody answered keeps its place whatever the caps say, and takes no open place.
    """

    capability_id: int
    score: float
    organisation_id: int
    expert_id: int | None = None
    group: str | None = None
    title: str = ""
    is_answered: bool = False
    notes: tuple[Note, ...] = ()

    @property
    def standing(self) -> float:
        return round(self.score + sum(note.points for note in self.notes), 6)

    def with_note(self, note: Note) -> "Candidate":
        return replace(self, notes=(*self.notes, note))


@dataclass(slots=True)
class Load:
    """How many open places each institution and each expert has, and how many each may have at most."""

    of_institutions: Counter[int] = field(default_factory=Counter)
    of_experts: Counter[int] = field(default_factory=Counter)
    caps_of_institutions: Mapping[int, int] = field(default_factory=dict)
    cap_of_expert: int = 0

    def is_full(self, candidate: Candidate) -> bool:
        return any(count >= cap for count, cap in self._counts(candidate))

    def is_busy(self, candidate: Candidate) -> bool:
        """From half of the cap on."""
        return any(2 * count >= cap for count, cap in self._counts(candidate))

    def add(self, candidate: Candidate) -> None:
        self.of_institutions[candidate.organisation_id] += 1
        if candidate.expert_id is not None:
            self.of_experts[candidate.expert_id] += 1

    def _counts(self, candidate: Candidate) -> Iterable[tuple[int, int]]:
        institution = candidate.organisation_id
        if institution in self.caps_of_institutions:
            yield self.of_institutions[institution], self.caps_of_institutions[institution]
        if candidate.expert_id is not None and self.cap_of_expert:
            yield self.of_experts[candidate.expert_id], self.cap_of_expert


@dataclass(frozen=True, slots=True)
class Order:
    """The list, best first; and the candidates without a place, some with a note that says why."""

    listed: list[Candidate]
    others: list[Candidate]


def in_order(candidates: Iterable[Candidate], load: Load, length: int) -> Order:
    """At most `length` places by standing, ties by id; `load` is counted up with each place given.

    Of near-duplicates the first takes the place. Who is busy is moved back once by the margin, who is full gets none.
    """
    waiting = [(-candidate.standing, candidate.capability_id, candidate) for candidate in candidates]
    heapq.heapify(waiting)
    order, titles = Order([], []), dict[str, str]()
    while waiting and len(order.listed) < length:
        candidate = heapq.heappop(waiting)[2]
        if candidate.group is not None and candidate.group in titles:
            order.others.append(candidate.with_note(Note("same_group", about=titles[candidate.group])))
        elif not candidate.is_answered and load.is_full(candidate):
            order.others.append(candidate.with_note(Note("exposure_full")))
        elif not candidate.is_answered and load.is_busy(candidate) and not _was_moved_back(candidate):
            moved = candidate.with_note(Note("exposure", -EXPOSURE_MARGIN))
            heapq.heappush(waiting, (-moved.standing, moved.capability_id, moved))
        else:
            order.listed.append(candidate)
            if not candidate.is_answered:
                load.add(candidate)
            if candidate.group is not None:
                titles[candidate.group] = candidate.title
    order.others.extend(candidate for _standing, _id, candidate in sorted(waiting, key=lambda entry: entry[:2]))
    return order


def _was_moved_back(candidate: Candidate) -> bool:
    return any(note.kind == "exposure" for note in candidate.notes)
