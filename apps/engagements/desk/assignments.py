"""Which pairs a broker was given, by their case or by the desk."""

from django.db.models import Q

from apps.accounts.models import User
from apps.engagements.models import Engagement, Referral


def pairs_given_to(user: User) -> Q:
    """A condition on proposals; registered with `apps.matching.assignments`."""
    if not user.is_broker:
        return Q(pk__in=[])
    cases = Engagement.objects.filter(broker=user).values("proposal")
    referred = Referral.objects.open().filter(taken_by=user, proposal__isnull=False).values("proposal")
    return Q(pk__in=cases) | Q(pk__in=referred)
