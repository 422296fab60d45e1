"""Needs that wait: for their own side to answer what was listed, and for anybody to answer them."""

from collections.abc import Collection, Iterable

from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.city_settings import Setting, city_value, register_setting
from apps.core.working_days import add_working_days, reply_due_at, working_day_before
from apps.matching.models import NeedWait, Proposal, ProposalState, WaitKind, WaitResult
from apps.needs.models import Need

NEED_DAYS = "replies.need_working_days"
SAID_YES = (ProposalState.INTERESTED, ProposalState.ACCEPTED, ProposalState.TIMED_OUT)

register_setting(
    Setting(
        key=NEED_DAYS,
        group=_("答复时限"),
        label=_("需求无人响应的期限（工作日）"),
        help_text=_("需求发布后，几个工作日内没有供给方或技术经纪人答复，就转到经纪人工作台，1 到 30。"),
        default=5,
        field=lambda: forms.IntegerField(min_value=1, max_value=30),
    )
)


def reply_waits_begin(needs: Iterable[Need]) -> None:
    """Needs came to the board: somebody is to answer them. Again for the same publication changes nothing."""
    silent = [need for need in needs if need.first_replied_at is None]
    if not silent:
        return
    waits = NeedWait.objects.filter(need__in=silent, kind=WaitKind.REPLY).exclude(result=WaitResult.DROPPED)
    known = set(waits.filter(since__gte=F("need__published_at")).values_list("need", flat=True))
    now = clock.now()
    due_at = add_working_days(now, city_value(NEED_DAYS))
    rows = [NeedWait(need=n, kind=WaitKind.REPLY, since=now, due_at=due_at) for n in silent if n.pk not in known]
    NeedWait.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def list_waits_begin(need_ids: Collection[int]) -> None:
    """Something new is in the lists of these needs: their sides are to answer.

    Not where they have said yes to one, and not again after brokers were asked, until they answer something.
    """
    if not need_ids:
        return
    asked = Proposal.objects.filter(need__in=need_ids, need_accepted_at__isnull=False, state__in=SAID_YES)
    running = Q(ended_at__isnull=True) | Q(result=WaitResult.HANDED_OVER)
    waits = NeedWait.objects.filter(running, need__in=need_ids, kind=WaitKind.LIST)
    silent = set(need_ids) - set(asked.values_list("need", flat=True)) - set(waits.values_list("need", flat=True))
    if not silent:
        return
    now = clock.now()
    due_at = reply_due_at(now)
    before = working_day_before(due_at)
    row = {"kind": WaitKind.LIST, "since": now, "due_at": due_at, "remind_at": before if before > now else None}
    NeedWait.objects.bulk_create([NeedWait(need_id=pk, **row) for pk in sorted(silent)], ignore_conflicts=True)


def wait_end(*, need_id: int, kind: WaitKind) -> None:
    """What was waited for came; late where the brokers were asked before."""
    waits = NeedWait.objects.filter(need=need_id, kind=kind)
    end(waits, WaitResult.ANSWERED)
    waits.filter(result=WaitResult.HANDED_OVER).update(result=WaitResult.ANSWERED_LATE)


def waits_drop(need: Need) -> None:
    """It left the board."""
    end(NeedWait.objects.filter(need=need), WaitResult.DROPPED)


def open_waits() -> QuerySet[NeedWait]:
    return NeedWait.objects.filter(ended_at__isnull=True)


def end(waits: QuerySet[NeedWait], result: WaitResult) -> int:
    """How many of them ran until now."""
    return waits.filter(ended_at__isnull=True).update(ended_at=clock.now(), result=result, remind_at=None)
