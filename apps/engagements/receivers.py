"""Two acceptances open an engagement, in the same transaction."""

from typing import Any

from django.dispatch import receiver

from apps.accounts.models import User
from apps.engagements.services import engagement_open
from apps.matching.models import Proposal
from apps.matching.signals import proposal_accepted


@receiver(proposal_accepted)
def open_engagement(sender: object, *, proposal: Proposal, by: User, **_: Any) -> None:
    engagement_open(proposal=proposal, by=by)
