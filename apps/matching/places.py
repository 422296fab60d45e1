"""Which of the things that move a pair cost it its place in the need's list: only these are worth a sentence.

Points are taken off for many pairs at once: where every other one lies in the same district, all of them move back
together and nobody's place changes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.matching.models import GONE, Proposal


@dataclass(frozen=True, slots=True)
class Standing:
    """What the place of one pair in its need's list comes from: its score, and the points by kind that move it."""

    capability_id: int
    score: float
    points: Mapping[str, float]

    @classmethod
    def of(cls, capability_id: int, score: float, notes: Iterable[Mapping[str, Any]]) -> "Standing":
        return cls(capability_id, score, {note["kind"]: float(note["points"]) for note in notes if note["points"]})

    def key(self, kinds: Collection[str]) -> tuple[float, int]:
        """Orders a list best first, as `ordering.in_order` does, when only notes of these kinds count."""
        return (-round(self.score + sum(self.points.get(kind, 0.0) for kind in kinds), 6), self.capability_id)


def costly_kinds(pair: Standing, listed: Iterable[Standing]) -> frozenset[str]:
    """The kinds of its notes that put the pair behind others of its list which it would lead by score.

    Those that do so alone; where it takes several together, all of them. Empty where its place is no worse.
    """
    others = [row for row in listed if row.capability_id != pair.capability_id]

    def place(kinds: Collection[str]) -> int:
        mine = pair.key(kinds)
        return sum(row.key(kinds) < mine for row in others)

    by_score = place(())
    if place({kind for row in (pair, *others) for kind in row.points}) <= by_score:
        return frozenset()
    alone = {kind for kind in pair.points if place({kind}) > by_score}
    return frozenset(alone or pair.points)


def costs_of(proposals: Sequence[Proposal]) -> dict[int, frozenset[str]]:
    """Proposal → the kinds of its notes that cost it its place, in one query; in none where nothing was moved."""
    moved = {p.pk: Standing.of(p.capability_id, p.score, p.notes) for p in proposals}
    moved = {pk: standing for pk, standing in moved.items() if standing.points}
    if not moved:
        return {}
    needs = {p.pk: p.need_id for p in proposals}
    lists = _lists({needs[pk] for pk in moved})
    return {pk: costly_kinds(standing, lists.get(needs[pk], ())) for pk, standing in moved.items()}


def _lists(need_ids: Collection[int]) -> dict[int, list[Standing]]:
    rows = Proposal.objects.filter(need__in=need_ids, rank__isnull=False).exclude(state__in=GONE)
    lists: dict[int, list[Standing]] = {}
    for need_id, *columns in rows.values_list("need_id", "capability_id", "score", "notes"):
        lists.setdefault(need_id, []).append(Standing.of(*columns))
    return lists
