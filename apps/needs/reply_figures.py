"""How soon needs were answered: of one need, and of many."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.due_times import duration_text
from apps.needs.models import Need

WEEK = timedelta(days=7)


def answered_within_a_week(needs: QuerySet[Need]) -> tuple[int, int]:
    """(answered, of): how many of these needs had a first human reply within 7 × 24 hours of publication.

    `of` are published needs of which that is known: the week is over, or an answer has come. Younger ones without an
    answer are not counted yet. A reply from before a need's (second) publication counts as in time.
    """
    published = needs.filter(published_at__isnull=False)
    known = published.filter(Q(published_at__lte=clock.now() - WEEK) | Q(first_replied_at__isnull=False))
    return known.filter(first_replied_at__lte=F("published_at") + WEEK).count(), known.count()


def first_reply_text(need: Need) -> str:
    """“发布后 5 小时收到首个答复”; "" while it is not on the board."""
    if need.published_at is None:
        return ""
    if need.first_replied_at is None:
        return _("等待首个答复") if need.is_open else ""
    span = max(need.first_replied_at - need.published_at, timedelta())
    return _("发布后 %(time)s收到首个答复") % {"time": duration_text(span)}
