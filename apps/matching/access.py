"""When the contacts of an accepted pair open: the apps above may hold them back until more is agreed on."""

from collections.abc import Callable

from apps.matching.models import Proposal

ContactGate = Callable[[Proposal], bool]

_gates: list[ContactGate] = []


def register_contact_gate(gate: ContactGate) -> None:
    """Add a condition: `gate(proposal)` is true once, as far as it is concerned, contacts may be shown."""
    if gate not in _gates:
        _gates.append(gate)


def contacts_are_open(proposal: Proposal) -> bool:
    return all(gate(proposal) for gate in _gates)
