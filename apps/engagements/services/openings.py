"""The beginning of a case."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.core.errors import StateConflict
from apps.engagements import history
from apps.engagements.models import Engagement
from apps.engagements.services.agreements import agreement_ask
from apps.matching.models import Proposal
from apps.needs.models import Need, NeedState
from apps.needs.services import need_engage


@transaction.atomic
def engagement_open(*, proposal: Proposal, by: User) -> Engagement:
    """Both sides accepted: their case begins, and the need counts as engaged. Opening twice gives the same case.

    Where the need asks for a non-disclosure agreement, nothing is shown before both have confirmed it.

    StateConflict where the need or the capability was taken down at this moment.
    """
    opened_at = clock.now()
    defaults: dict[str, Any] = {"opened_at": opened_at, "state_since": opened_at}
    # Read anew and held: another pair of the same need may be accepted, or one side withdrawn, at this moment.
    # Rows that refer to either may be written meanwhile: with no_key they and this case do not wait for each other.
    need = Need.objects.select_for_update(no_key=True).get(pk=proposal.need_id)
    capability = Capability.objects.select_for_update(no_key=True).get(pk=proposal.capability_id)
    defaults["awaits_agreement"] = need.nda_required
    engagement, created = Engagement.objects.get_or_create(proposal=proposal, defaults=defaults)
    if created:
        if not need.is_open or not capability.is_open:
            raise StateConflict(_("对方刚刚撤下了需求或资源，暂时不能对接。"))
        changes = {"proposal": proposal, "awaits_agreement": need.nda_required}
        history.record(engagement, "engagement.opened", by=by, changes=changes)
        if need.nda_required:
            agreement_ask(engagement)
        if need.state == NeedState.PUBLISHED:
            need_engage(need=need, by=by)
    return engagement
