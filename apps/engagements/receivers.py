"""What happens elsewhere and concerns cases, in the same transaction."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from apps.accounts.models import Membership, User
from apps.engagements.models import Engagement
from apps.engagements.services import engagement_open, owner_leave
from apps.matching.models import Proposal
from apps.matching.signals import proposal_accepted
from apps.needs.models import Need, NeedState
from apps.needs.services import need_engage
from apps.needs.signals import need_published


@receiver(proposal_accepted)
def open_engagement(sender: object, *, proposal: Proposal, by: User, **_: Any) -> None:
    """Two acceptances open a case."""
    engagement_open(proposal=proposal, by=by)


@receiver(post_delete, sender=Membership)
def give_up_steps(sender: object, *, instance: Membership, **_: Any) -> None:
    """Whoever leaves an organisation owns no step of its cases any more."""
    owner_leave(user=instance.user)


@receiver(need_published)
def engage_again(sender: object, *, need: Need, by: User | None, **_: Any) -> None:
    """An expired or closed need that comes back while one of its cases runs is engaged, not free."""
    if need.state == NeedState.PUBLISHED and Engagement.objects.running().filter(proposal__need=need).exists():
        need_engage(need=need, by=by)
