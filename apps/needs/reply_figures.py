"""How soon needs were answered: of one need, and of many."""

from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.due_times import duration_text
from apps.needs.models import Need

WEEK = timedelta(days=7)


def in_time() -> Q:
    """Needs with a first human reply within 7 × 24 hours of publication; one from before a second publication, too."""
    return Q(first_replied_at__lte=F("published_at") + WEEK)


def answer_is_due() -> Q:
    """Published needs of which it is known whether the answer came in time: the week is over, or an answer has come."""
    return Q(published_at__lte=clock.now() - WEEK) | Q(published_at__isnull=False, first_replied_at__isnull=False)


def answered_within_a_week(needs: QuerySet[Need]) -> tuple[int, int]:
    """(answered, of): how many of these needs were answered in time, of those whose answer is due. One query."""
    found = needs.order_by().aggregate(
        answered=Count("pk", filter=in_time(), distinct=True), due=Count("pk", filter=answer_is_due(), distinct=True)
    )
    return found["answered"], found["due"]


def first_reply_text(need: Need) -> str:
    """“发布后 5 小时收到首个答复”; "" while it is not on the board."""
    if need.published_at is None:
        return ""
    if need.first_replied_at is None:
        return _("等待首个答复") if need.is_open else ""
    span = max(need.first_replied_at - need.published_at, timedelta())
    return _("发布后 %(time)s收到首个答复") % {"time": duration_text(span)}
