"""What may keep a submitted capability back: rules of apps above, which this one must not know."""

from collections.abc import Callable
from typing import Any

from apps.capabilities.models import Capability

Gate = Callable[[Capability], Any]
_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """At start-up. A gate answers with the sentence that tells what is missing, or with nothing where it is open."""
    if gate not in _gates:
        _gates.append(gate)


def kept_back(capability: Capability) -> str:
    """What is missing before it may be shown; empty where nothing is."""
    return next((str(told) for gate in _gates if (told := gate(capability))), "")
