"""People of a case: who may be made owner of a step, as far as the viewer may know them."""

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.engagements.models import Engagement
from apps.engagements.selectors import contacts_of


def people_on_offer(engagement: Engagement, user: User) -> QuerySet[User]:
    """The viewer's colleagues, the contacts of both sides, the case's broker, and the present owner."""
    proposal = engagement.proposal
    sides = {proposal.need.organisation_id, proposal.capability.organisation_id}
    contacts = [contact["person"].pk for contact in contacts_of(proposal) if contact["person"]]
    known = Q(pk__in=contacts) & Q(membership__organisation__in=sides)
    own = organisation_of(user)
    if own is not None and own.pk in sides:
        known |= Q(membership__organisation=own)
    known |= Q(pk__in=[pk for pk in (engagement.broker_id, engagement.owner_id) if pk])
    return User.objects.filter(known, is_active=True).order_by("name", "pk").distinct()
