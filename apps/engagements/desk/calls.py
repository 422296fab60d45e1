"""电话记录: what was said on the telephone, for the platform's people of the region only."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import NotAllowed
from apps.engagements.desk.permissions import can_record_call
from apps.engagements.models import Engagement, PhoneCall
from apps.matching.models import Proposal
from apps.matching.permissions import may_see_proposals_of
from apps.needs.models import Need
from apps.needs.services import need_reply_record

OLDEST_CALL = timedelta(days=365)


@transaction.atomic
def call_record(
    *,
    by: User,
    need: Need,
    proposal: Proposal | None = None,
    engagement: Engagement | None = None,
    **fields: Any,
) -> PhoneCall:
    """Keep a call about a need, a pair of it, or its case. It is a broker's reply to the need.

    `fields` are the columns that a person fills in. ValidationError by field; NotAllowed for what `by` may not see.
    """
    can_record_call(by).require()
    if not _sees(by, need, proposal, engagement):
        raise NotAllowed
    call = PhoneCall(need=need, proposal=proposal, engagement=engagement, by=by, **fields)
    call.full_clean()
    _check_time(call.called_at)
    call.save()
    # Not told as an event of the case: neither side is to hear of it.
    audit.record(engagement or proposal or need, "call.recorded", by=by, changes={"call": call})
    need_reply_record(need=need, at=call.called_at)
    return call


def _check_time(called_at: datetime) -> None:
    """A slip of the year is told; and no database keeps the first day of the calendar in another zone."""
    if called_at > clock.now():
        raise ValidationError({"called_at": _("通话时间不能晚于现在。")})
    if called_at < clock.now() - OLDEST_CALL:
        raise ValidationError({"called_at": _("通话时间不能早于一年前，请检查年份。")})


def _sees(user: User, need: Need, proposal: Proposal | None, engagement: Engagement | None) -> bool:
    if engagement is not None:
        return Engagement.objects.visible_to(user).filter(pk=engagement.pk, proposal=proposal).exists()
    if proposal is not None:
        return Proposal.objects.visible_to(user).filter(pk=proposal.pk, need=need).exists()
    return may_see_proposals_of(user, need.organisation_id)
