"""What waits for one person in their cases and on their desk, for the home page's list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.core.working_days import DAY_ENDS
from apps.engagements.models import CLOSED_STATES, Engagement, Referral, ReferralKind, Wait, WaitKind
from apps.engagements.selectors import outcomes_waiting_for
from apps.matching.models import Side

MOST_OF_A_KIND = 5


@dataclass(frozen=True, slots=True)
class Task:
    """`state` gives the badge its tone. `due_at` None: no day was set."""

    state: str
    label: str
    title: str
    text: str
    url: str
    since: datetime
    due_at: datetime | None


def waiting_in_cases(user: User) -> list[Task]:
    """At most five of a kind, each kind's longest waiting: steps, answers, outcomes, and matters of the desk."""
    return [*_steps(user), *_waits(user), *_outcomes(user), *_matters(user)]


def _steps(user: User) -> Iterator[Task]:
    """The steps that this person owns; then those nobody owns, which wait for anybody of the case to say who does."""
    cases = Engagement.objects.visible_to(user).filter(_own_or_nobodys(user)).exclude(state__in=CLOSED_STATES)
    rows: QuerySet[Any] = cases.annotate(is_planned=~Q(next_action="", due_on=None)).select_related("proposal__need")
    for row in rows.order_by("-is_planned", "state_since", "id")[:MOST_OF_A_KIND]:
        title = row.next_action or _("完成“%(step)s”阶段的工作") % {"step": row.get_state_display()}
        if not row.is_planned:
            title = _("定下一步：谁、做什么、什么时候")
        label = _("由您负责") if row.owner_id == user.pk else _("待安排")
        url = reverse("engagements:detail", args=[row.public_id])
        yield Task(row.state, label, title, row.proposal.need.title, url, row.state_since, _end_of(row.due_on))


def _own_or_nobodys(user: User) -> Q:
    """Until both have confirmed the agreement, that is the next thing to do, and the clock's."""
    ours = Q(broker=user) if user.is_broker else Q(pk__in=[])
    if (organisation := organisation_of(user)) is not None:
        ours |= Q(proposal__need__organisation=organisation) | Q(proposal__capability__organisation=organisation)
    return Q(owner=user) | (ours & Q(owner=None, awaits_agreement=False))


def _waits(user: User) -> Iterator[Task]:
    """Messages to answer and agreements to confirm."""
    organisation = organisation_of(user)
    if organisation is None:
        return
    of_need = Q(engagement__proposal__need__organisation=organisation)
    ours = Q(of_need, side=Side.NEED)
    ours |= Q(engagement__proposal__capability__organisation=organisation, side=Side.CAPABILITY) & ~of_need
    rows = Wait.objects.open().filter(ours, kind__in=(WaitKind.MESSAGE, WaitKind.AGREEMENT))
    for wait in rows.select_related("engagement__proposal__need").order_by("asked_at", "id")[:MOST_OF_A_KIND]:
        is_message = wait.kind == WaitKind.MESSAGE
        page = "engagements:talk" if is_message else "engagements:detail"
        title = _message_title(wait) if is_message else _("请确认保密协议")
        url = reverse(page, args=[wait.engagement.public_id])
        need = wait.engagement.proposal.need.title
        yield Task("interested", _("等您回复"), title, need, url, wait.asked_at, wait.due_at)


def _message_title(wait: Wait) -> str:
    return _("请回复技术经纪人的消息") if wait.asked_by_broker else _("请回复对方的消息")


def _outcomes(user: User) -> Iterator[Task]:
    waits = Wait.objects.open().filter(outcome=OuterRef("pk"))
    rows = outcomes_waiting_for(user).annotate(due_at=Subquery(waits.values("due_at")[:1]))
    for outcome in rows[:MOST_OF_A_KIND]:
        title = _("请确认成效：%(type)s") % {"type": outcome.outcome_type}
        url = reverse("engagements:detail", args=[outcome.engagement.public_id])
        text, label = str(outcome.engagement.proposal.need), str(outcome.get_state_display())
        yield Task("reported", label, title, text, url, outcome.reported_at, outcome.due_at)


def _matters(user: User) -> Iterator[Task]:
    """What a broker has taken. A case that goes on is no task of its own: it has its steps."""
    if not user.is_broker:
        return
    rows = Referral.objects.open().filter(taken_by=user).exclude(kind=ReferralKind.CASE, next_on=None)
    for row in rows.select_related("need").order_by("since", "id")[:MOST_OF_A_KIND]:
        url = reverse("desk:detail", args=[row.public_id])
        label = str(row.get_kind_display())
        title = row.next_action or row.need.title
        text = row.need.title if row.next_action else ""
        yield Task("warning", label, title, text, url, row.since, _end_of(row.next_on))


def _end_of(day: date | None) -> datetime | None:
    """When the working hours of a day end."""
    return None if day is None else timezone.make_aware(datetime.combine(day, DAY_ENDS))
