"""Who has become a need's partner: members of a supplier whose proposal both sides accepted."""

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.engagements.models import Engagement
from apps.needs.models import Need


def is_partner_of_need(user: User, need: Need) -> bool:
    organisation = organisation_of(user)
    if organisation is None:
        return False
    return Engagement.objects.filter(proposal__need=need, proposal__capability__organisation=organisation).exists()
