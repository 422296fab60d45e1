"""What became of accepted pairs is known to the apps above, which register how to find out."""

from collections.abc import Callable, Mapping

from apps.matching.learning.levels import Level

type LabelSource = Callable[[], Mapping[int, Level]]
"""Levels by the primary key of the proposal."""

_sources: list[LabelSource] = []


def register_label_source(source: LabelSource) -> None:
    """Add a source of levels; registering the same one twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


def later_levels() -> dict[int, Level]:
    """The best level of each proposal that any source knows of."""
    levels: dict[int, Level] = {}
    for source in _sources:
        for proposal_id, level in source().items():
            levels[proposal_id] = max(level, levels.get(proposal_id, level))
    return levels
