"""What opens with a case: the need's files for its partner, and the contacts of both sides."""

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.engagements.models import Engagement
from apps.matching.models import Proposal
from apps.needs.models import Need


def is_partner_of_need(user: User, need: Need) -> bool:
    """A member of a supplier in a running case of the need, once the agreement it may ask for is confirmed."""
    organisation = organisation_of(user)
    if organisation is None:
        return False
    cases = Engagement.objects.running().filter(proposal__need=need, awaits_agreement=False)
    return cases.filter(proposal__capability__organisation=organisation).exists()


def contacts_are_open(proposal: Proposal) -> bool:
    """Not before both sides have confirmed the agreement; without a case, not where the need asks for one."""
    engagement: Engagement | None = getattr(proposal, "engagement", None)
    return not proposal.need.nda_required if engagement is None else not engagement.awaits_agreement
