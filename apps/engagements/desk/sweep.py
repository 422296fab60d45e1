"""What comes to the desk, leaves it, or is to be reminded of because time has passed. Safe to run twice, bounded."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.city_settings import Setting, city_value, register_setting
from apps.core.models import AuditEntry
from apps.core.rounds import deal_with_each
from apps.core.working_days import working_day_before
from apps.engagements.desk import notices
from apps.engagements.desk.lapses import KIND_OF_WAIT, lapsed
from apps.engagements.desk.receivers import refer_case
from apps.engagements.desk.referrals import referral_lapse, referral_open
from apps.engagements.models import CLOSED_STATES, Engagement, Referral, ReferralKind, Wait, WaitKind
from apps.engagements.services.locking import PAIR, locked_case

MOST = 500
LONGEST_REMINDED = timedelta(days=20)
"""No reminder comes earlier than this before its due time, whatever the holidays."""
STUCK_DAYS = "desk.stuck_days"
NO_PROGRESS = ("engagement.broker_assigned", "engagement.owner_left", "call.recorded", "message.settled")
"""What happens in a case without moving it."""

register_setting(
    Setting(
        key=STUCK_DAYS,
        group=_("经纪人工作台"),
        label=_("对接停滞天数"),
        help_text=_("一项对接连续多少天没有任何进展，就转到经纪人工作台，3 到 90。"),
        default=14,
        field=lambda: forms.IntegerField(min_value=3, max_value=90),
    )
)


def bring_cases() -> int:
    """Running cases that are not on the desk yet: those from before there was one, and imported ones."""
    rows = _running().exclude(Exists(_lying(ReferralKind.CASE)))
    return deal_with_each(rows[:MOST], refer_case)


def bring_stuck() -> int:
    rows = _unchanged_since(_stuck_before()).exclude(Exists(_lying(ReferralKind.CASE_STUCK)))
    return deal_with_each(rows[:MOST], lambda row: _refer(row, ReferralKind.CASE_STUCK, row.changed_at))


def bring_overdue() -> int:
    rows = _running().filter(due_on__lt=clock.today()).exclude(Exists(_lying(ReferralKind.STEP_OVERDUE)))
    return deal_with_each(rows[:MOST], lambda row: _refer(row, ReferralKind.STEP_OVERDUE, row.state_since))


def bring_waits() -> int:
    """What a side has not answered in its time."""
    rows = Wait.objects.open().filter(due_at__lte=clock.now(), handed_at__isnull=True)
    return deal_with_each(rows.select_related(*_to_case("engagement__")).order_by("due_at", "id")[:MOST], _hand_over)


def take_off() -> int:
    """Matters that are over by themselves."""
    moving = (
        Referral.objects.open()
        .filter(kind=ReferralKind.CASE_STUCK)
        .exclude(engagement__in=_unchanged_since(_stuck_before()).values("pk"))
    )
    in_time = (
        Referral.objects.open().filter(kind=ReferralKind.STEP_OVERDUE).exclude(engagement__due_on__lt=clock.today())
    )
    gone = [lapsed(), moving, in_time]
    return sum(deal_with_each(rows.select_related("engagement")[:MOST], _take_off) for rows in gone)


def remind_of_waits() -> int:
    """Once: a working day before the time is over, but not before half of it."""
    now = clock.now()
    rows = Wait.objects.open().filter(reminded_at__isnull=True, due_at__range=(now, now + LONGEST_REMINDED))
    due = [wait for wait in rows.select_related(*_to_case("engagement__"))[: 4 * MOST] if _reminder_at(wait) <= now]
    return deal_with_each(due[:MOST], _remind)


def remind_of_steps() -> int:
    rows = _running().filter(due_on=clock.today() + timedelta(days=1), owner__isnull=False)
    return deal_with_each(rows.select_related("owner"), notices.remind_of_step)


def _running() -> QuerySet[Any]:
    return Engagement.objects.exclude(state__in=CLOSED_STATES).select_related(*_to_case("")).order_by("pk")


def _to_case(prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}{name}" for name in (*PAIR, "broker"))


def _lying(kind: ReferralKind) -> QuerySet[Referral]:
    """On the desk already, or closed by somebody lately: what a broker has dealt with does not come back at once."""
    lately = Q(closed_by__isnull=False, closed_at__gt=_stuck_before())
    return Referral.objects.filter(Q(closed_at__isnull=True) | lately, engagement=OuterRef("pk"), kind=kind)


def _stuck_before() -> datetime:
    return clock.now() - timedelta(days=city_value(STUCK_DAYS))


def _unchanged_since(moment: datetime) -> QuerySet[Any]:
    """With `changed_at`: the last thing that one of the sides, or the broker for them, did in the case."""
    entries = AuditEntry.objects.filter(object_type="engagements.engagement", object_id=OuterRef("pk"))
    entries = entries.exclude(action__in=NO_PROGRESS)
    last = Coalesce(Subquery(entries.order_by("-id").values("at")[:1]), F("state_since"))
    rows: QuerySet[Any] = _running().filter(state_since__lt=moment).annotate(changed_at=last)
    return rows.filter(changed_at__lt=moment)


def _refer(engagement: Engagement, kind: ReferralKind, since: datetime) -> Referral:
    pair = engagement.proposal
    return referral_open(kind=kind, need=pair.need, proposal=pair, engagement=engagement, since=since)


def _hand_over(wait: Wait) -> bool:
    locked_case(wait.engagement)
    if not Wait.objects.open().filter(pk=wait.pk, handed_at=None).update(handed_at=clock.now()):
        return False  # answered at this moment
    _refer(wait.engagement, KIND_OF_WAIT[WaitKind(wait.kind)], wait.asked_at)
    return True


def _reminder_at(wait: Wait) -> datetime:
    return max(wait.asked_at + (wait.due_at - wait.asked_at) / 2, working_day_before(wait.due_at))


def _remind(wait: Wait) -> bool:
    if not Wait.objects.open().filter(pk=wait.pk, reminded_at=None).update(reminded_at=clock.now()):
        return False
    notices.remind_of_wait(wait)
    return True


def _take_off(referral: Referral) -> bool:
    referral_lapse(referral=referral)
    return True


STEPS = (bring_cases, bring_stuck, bring_overdue, bring_waits, take_off, remind_of_waits, remind_of_steps)
