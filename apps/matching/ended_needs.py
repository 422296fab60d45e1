"""Needs that ended without an answer, and that a new capability may still serve."""

from calendar import monthrange
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from apps.core import clock
from apps.matching.models import Proposal, ProposalState
from apps.needs.models import Need


def ended_needs() -> QuerySet[Need]:
    """Those that left the board unmatched in the last MATCHING_UNMATCHED_MONTHS months; the others are too old."""
    met = Proposal.objects.filter(state=ProposalState.ACCEPTED).values("need_id")
    return Need.objects.ended_unanswered(since=_first_day()).exclude(pk__in=met)


def _first_day() -> date:
    """The day of the month as today's, or the last one where that month is shorter."""
    today = clock.today()
    year, month = divmod(today.year * 12 + today.month - 1 - settings.MATCHING_UNMATCHED_MONTHS, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
