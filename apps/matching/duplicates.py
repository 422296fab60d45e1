"""Near-duplicates in a ranking: one place for all of them, the others folded under it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from apps.matching.fingerprints import Model, side_name
from apps.matching.models import Fingerprint


@dataclass(frozen=True, slots=True)
class Folded[T]:
    """A ranking in which each group has one place: its best; `followers` stand behind it, in the order given."""

    places: list[T]
    followers: list[T]


def fold[T](ranked: Sequence[T], model: Model, pk_of: Callable[[T], int], *, depth: int = 0) -> Folded[T]:
    """One of each group of near-duplicates, at most `depth` of them (0: all), and what is folded under these.

    The first of a group stays: where the ranking is by score and then by id, the best, and of equals the oldest.
    """
    group_of = groups_of(model, [pk_of(item) for item in ranked])
    first: dict[str, bool] = {}
    places: list[T] = []
    followers: list[T] = []
    for item in ranked:
        group = group_of.get(pk_of(item))
        if group is not None and group in first:
            if first[group]:
                followers.append(item)
            continue
        has_place = not depth or len(places) < depth
        if group is not None:
            first[group] = has_place
        if has_place:
            places.append(item)
    return Folded(places, followers)


def groups_of(model: Model, pks: Iterable[int]) -> dict[int, str]:
    """Row → its group, of those that have a twin."""
    name = side_name(model)
    rows = Fingerprint.objects.filter(**{f"{name}__in": list(pks)}).exclude(group=None)
    return {pk: group for pk, group in rows.values_list(f"{name}_id", "group") if pk is not None and group}
