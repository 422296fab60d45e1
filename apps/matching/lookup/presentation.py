"""What was found, as one person may see it: by the rules of proposals, which it is not yet."""

from collections.abc import Iterable
from typing import Any

from apps.accounts.models import User
from apps.core import clock
from apps.matching.lookup.asking import open_to
from apps.matching.lookup.services import is_listed
from apps.matching.lookup.store import Pair
from apps.matching.models import Proposal, ProposalState
from apps.matching.presentation import ProposalView
from apps.matching.shown import Owner, Told
from apps.needs.models import Need
from apps.taxonomy.models import Term


class FoundView:
    """One resource. Templates and the API read this and not the row: nothing of an anonymous owner slips through."""

    def __init__(self, pair: Proposal, user: User, known: Proposal | None) -> None:
        """`pair` is what a proposal would be, unsaved; `known` the one that there is already."""
        self._view = ProposalView(pair, user, costly=frozenset())
        self._known = known
        self.score = pair.score
        self.public_id = pair.capability.public_id
        self.title = pair.capability.title
        self.kind = pair.capability.kind
        self.district: Term | None = pair.capability.district or pair.capability.organisation.district

    @property
    def heading(self) -> Any:
        return self._view.capability_heading

    @property
    def facts(self) -> list[Any]:
        """Its kind, and how mature it is where that is known."""
        return self._view.capability_facts

    @property
    def owner(self) -> Owner:
        return self._view.capability_owner

    @property
    def why(self) -> str:
        """The sentence for the enterprise; "" where it would name an owner who is not to be named."""
        return self._view.for_need

    @property
    def unbroken_why(self) -> str:
        return Told("", self.why).unbroken

    @property
    def proposal_id(self) -> str | None:
        """The proposal that lists it, or that was declined."""
        return self._known.public_id if self._known and (self.is_listed or self.is_declined) else None

    @property
    def is_listed(self) -> bool:
        return self._known is not None and is_listed(self._known)

    @property
    def is_declined(self) -> bool:
        return self._known is not None and self._known.state == ProposalState.DECLINED


def found_views(need: Need, pairs: Iterable[Pair], user: User) -> list[FoundView]:
    """What was found and this person may see now, in its order; four queries however many there are.

    What left the catalogue since, or was reworded, is left out: its sentence would be about something else.
    """
    found = list(pairs)
    rows = open_to(need, user).filter(pk__in=[pair.capability_id for pair in found])
    capabilities = {row.pk: row for row in rows.select_related("organisation__district", "district")}
    proposals = Proposal.objects.visible_to(user).filter(need=need, capability__in=capabilities)
    known = {proposal.capability_id: proposal for proposal in proposals}
    return [
        FoundView(
            Proposal(need=need, capability=capability, proposed_at=clock.now(), **pair.fields),
            user,
            known.get(capability.pk),
        )
        for pair in found
        if (capability := capabilities.get(pair.capability_id))
        and capability.version == pair.fields["capability_version"]
    ]
