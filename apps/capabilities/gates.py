"""What may keep submitted capabilities back: rules of apps above, which this one must not know."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apps.capabilities.models import Capability

Gate = Callable[[Sequence[Capability]], Mapping[int, Any]]
_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """At start-up. A gate names, by primary key, those that it keeps back, each with what is missing."""
    if gate not in _gates:
        _gates.append(gate)


def kept_back_among(capabilities: Sequence[Capability]) -> dict[int, str]:
    """By primary key what is missing before one may be shown; the others may be. Some queries, however many rows."""
    return {key: str(told) for gate in _gates for key, told in gate(capabilities).items()}


def kept_back(capability: Capability) -> str:
    """What is missing before it may be shown; empty where nothing is."""
    return kept_back_among([capability]).get(capability.pk, "")
