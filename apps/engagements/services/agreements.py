"""The non-disclosure agreement of a case: each side confirms, and with the second names and files open."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import NotAllowed, StateConflict
from apps.engagements import history
from apps.engagements.agreement_text import CURRENT_VERSION
from apps.engagements.models import Agreement, Engagement
from apps.engagements.permissions import can_confirm_agreement, engagement_side
from apps.engagements.services.locking import locked_case
from apps.matching.models import Side


def agreement_ask(engagement: Engagement) -> Agreement:
    """For a case whose need asks for it; called as the case opens."""
    return Agreement.objects.create(engagement=engagement, text_version=CURRENT_VERSION)


@transaction.atomic
def agreement_confirm(*, agreement: Agreement, by: User, seen: str = "") -> Agreement:
    """One side confirms; again is no change. `seen` is the version of the text that was read."""
    engagement = locked_case(agreement.engagement)
    agreement = Agreement.objects.get(pk=agreement.pk)
    can_confirm_agreement(by, engagement).require()
    if seen and seen != agreement.text_version:
        raise StateConflict(_("协议文本已更新，请看过最新内容后再确认。"))
    side = engagement_side(by, engagement)
    if side is None:
        raise NotAllowed
    if getattr(agreement, f"{side.value}_confirmed_at") is None:
        _confirm(agreement, engagement, side, by)
    return agreement


def _confirm(agreement: Agreement, engagement: Engagement, side: Side, by: User) -> None:
    now = clock.now()
    row = engagement.proposal.need if side == Side.NEED else engagement.proposal.capability
    for name, value in (("party", row.organisation.name), ("confirmed_at", now), ("confirmed_by", by)):
        setattr(agreement, f"{side.value}_{name}", value)
    if agreement.need_confirmed_at and agreement.capability_confirmed_at:
        agreement.signed_at = now
        engagement.awaits_agreement = False
        engagement.save(update_fields=["awaits_agreement", "updated_at"])
    agreement.save()
    event = "agreement.signed" if agreement.signed_at else "agreement.confirmed"
    history.record(engagement, event, by=by, about=agreement)
