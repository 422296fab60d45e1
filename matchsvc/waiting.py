"""What waits for a person: the list of the home page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, Count, F, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import JoinState, Organisation, OrganisationState, User
from apps.accounts.permissions import owns
from apps.accounts.regions import in_region_of
from apps.accounts.selectors import (
    claims_to_answer,
    latest_request_of,
    organisation_of,
    requests_to_answer,
)
from apps.capabilities.models import Capability
from apps.capabilities.renewals import capabilities_due
from apps.capabilities.selectors import capabilities_of_my_organisation
from apps.core.due_times import due_text, is_pressing
from apps.engagements.to_do import waiting_in_cases
from apps.followups.selectors import questionnaires_waiting_for, stories_to_review, stories_waiting_for
from apps.matching.models import Proposal, ProposalState
from apps.matching.prospects import revivals_for
from apps.matching.selectors import first_to_answer
from apps.needs.models import Need, NeedState
from apps.needs.permissions import can_post
from apps.needs.renewals import needs_due
from apps.needs.selectors import needs_of_my_organisation
from apps.review.queues import counts

MOST_OF_A_KIND = 5
LONG_AGO = datetime.min.replace(tzinfo=UTC)
BY_THE_PLATFORM, ASKED, LEFT_OFF = 0, 1, 2
UNFINISHED = (NeedState.RETURNED, NeedState.DRAFT)  # those of a capability are called the same
DUE = "due"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits for the person, since a moment and perhaps until one. `state` gives the badge its tone."""

    state: str
    label: str
    title: str
    text: str
    url: str
    since: datetime | None = None
    due_at: datetime | None = None
    order: int = BY_THE_PLATFORM

    @property
    def left(self) -> str:
        return due_text(self.due_at) if self.due_at else ""

    @property
    def is_pressing(self) -> bool:
        return self.due_at is not None and is_pressing(self.due_at)


def waiting_for_me(user: User) -> list[Item]:
    """One list, oldest first: what the platform asks, then what somebody waits for, then what the person left off."""
    return sorted(_waiting(user), key=lambda item: (item.order, item.since or LONG_AGO))


def _waiting(user: User) -> Iterator[Item]:
    organisation = organisation_of(user)
    if user.is_reviewer:
        yield from _to_review(user)
        yield from _stories_to_review(user)
        yield from _claims_to_answer(user)
    yield from _of_account(user, organisation)
    yield from _in_cases(user)
    if organisation is not None:
        yield from _to_answer(user)
        yield from _to_follow_up(user)
        yield from _left_off(user)
        if can_post(user):
            yield from _revivals(user)


def _to_review(user: User) -> Iterator[Item]:
    """What lies in the reviewer's region; stories have a line of their own."""
    waiting = counts(user)
    labels = [
        (_("家机构等待核验"), "organisations"),
        (_("项需求等待审核"), "needs"),
        (_("项资源等待审核"), "capabilities"),
        (_("条举报等待处理"), "reports"),
    ]
    for label, tab in labels:
        if count := waiting[tab]:
            yield Item("submitted", _("待审核"), f"{count} {label}", "", f"{reverse('review')}?tab={tab}")


def _claims_to_answer(user: User) -> Iterator[Item]:
    rows = claims_to_answer().filter(in_region_of(user, "organisation__district"))
    if count := rows.count():
        title = ngettext("%(count)d 份认领机构的申请", "%(count)d 份认领机构的申请", count) % {"count": count}
        text = _("请核实申请人与机构的关系")
        yield Item("submitted", _("待核实"), title, text, reverse("accounts:claims"), rows[0].asked_at)


def _of_account(user: User, organisation: Organisation | None) -> Iterator[Item]:
    if user.email_confirmed_at is None:
        text = _("确认邮件已发往 %(email)s，没有收到可以重新发送。") % {"email": user.email}
        yield Item("returned", _("待确认"), _("请确认您的邮箱"), text, reverse("accounts:profile"))
    if organisation is not None and organisation.state == OrganisationState.REJECTED:
        url, since = reverse("accounts:organisation"), organisation.updated_at
        title = _("机构核验未通过，请修改后重新提交")
        yield Item("rejected", _("未通过"), title, organisation.rejection_reason, url, since)
    if organisation is None and not user.platform_role:
        yield _to_join(user)
    if organisation is not None and owns(user, organisation):
        yield from _of_owner(user, organisation)


def _to_join(user: User) -> Item:
    asked, url = latest_request_of(user), reverse("accounts:join")
    if asked is not None and asked.state == JoinState.WAITING:
        title = _("已申请加入“%(name)s”") % {"name": asked.organisation}
        return Item("submitted", str(asked.get_state_display()), title, _("负责人答复后会通知您"), url)
    text = _("已经登记的，可以向负责人申请加入；还没有的，两分钟登记好")
    return Item("returned", _("待办理"), _("加入或登记您的单位"), text, url)


def _of_owner(user: User, organisation: Organisation) -> Iterator[Item]:
    url = f"{reverse('accounts:organisation')}#requests"
    for asked in requests_to_answer(organisation)[:MOST_OF_A_KIND]:
        title = _("%(name)s 申请加入本单位") % {"name": asked.person}
        yield Item("interested", _("等您回复"), title, asked.note, url, asked.created_at, order=ASKED)


def _to_answer(user: User) -> Iterator[Item]:
    """Pairs to which the other side said yes; those whose time is over may still be answered."""
    for proposal in first_to_answer(user, MOST_OF_A_KIND):
        if proposal.state == ProposalState.INTERESTED:
            yield _pair_item(proposal, "interested", _("等您回复"), getattr(proposal, "due_at", None))
        else:
            yield _pair_item(proposal, "timed_out", _("仍可答复"), None)


def _pair_item(proposal: Proposal, state: str, label: str, due_at: datetime | None) -> Item:
    ours_is_need = proposal.capability_accepted_at is not None
    title = _("对方愿意对接：%(title)s") % {"title": proposal.capability if ours_is_need else proposal.need}
    text = _("对应您的%(title)s") % {"title": f"“{proposal.need if ours_is_need else proposal.capability}”"}
    since = proposal.capability_accepted_at or proposal.need_accepted_at
    url = reverse("matching:proposal", args=[proposal.public_id])
    return Item(state, label, title, text, url, since, due_at, order=ASKED)


def _in_cases(user: User) -> Iterator[Item]:
    for task in waiting_in_cases(user):
        yield Item(task.state, task.label, task.title, task.text, task.url, task.since, task.due_at, order=ASKED)


def _stories_to_review(user: User) -> Iterator[Item]:
    count = stories_to_review(user).count()
    if count:
        title = ngettext("%(count)d 篇案例等待审核", "%(count)d 篇案例等待审核", count) % {"count": count}
        yield Item("submitted", _("待审核"), title, "", reverse("stories:review"))


def _to_follow_up(user: User) -> Iterator[Item]:
    """Questionnaires after the delivery, then stories that wait for a word of this side."""
    for row in questionnaires_waiting_for(user)[:MOST_OF_A_KIND]:
        title = _("请填写回访问卷：%(title)s") % {"title": row.engagement.proposal.need.title}
        text = _("两分钟，%(day)s 截止") % {"day": f"{localtime(row.closes_at):%Y-%m-%d}"}
        url = reverse("followups:questionnaire", args=[row.public_id])
        yield Item("reported", _("待填写"), title, text, url, row.created_at, row.closes_at, order=ASKED)
    for story in stories_waiting_for(user)[:MOST_OF_A_KIND]:
        text = story.return_reason or _("双方都同意同一版文字后送审")
        url = reverse("stories:detail", args=[story.public_id])
        title = _("请看看案例文字：%(title)s") % {"title": story}
        yield Item(story.state, str(story.get_state_display()), title, text, url, story.updated_at, order=ASKED)


def _left_off(user: User) -> Iterator[Item]:
    """Returned ones and drafts, the latest first; and what is about to expire or has. Needs are enterprises' alone."""
    needs = _by_kind(needs_of_my_organisation(user), needs_due(user)) if can_post(user) else []
    capabilities = _by_kind(capabilities_of_my_organisation(user), capabilities_due(user))
    for name, rows in (("needs", needs), ("capabilities", capabilities)):
        for row in rows:
            if row.waits_as != DUE:
                text = row.return_reason if row.state == NeedState.RETURNED else _("写完就可以发布")
                yield _edit_item(row, f"{name}:edit", text)
    yield from _due(needs, "needs", _("项需求待续期"), _("请确认是否仍然需要"))
    yield from _due(capabilities, "capabilities", _("项资源待确认"), _("请确认信息仍然有效"))


def _by_kind(rows: QuerySet[Any], due: QuerySet[Any]) -> list[Any]:
    """At most five that wait as each of RETURNED, DRAFT and DUE, with how many there are `among` these; one query."""
    waits_as = Case(When(state__in=UNFINISHED, then=F("state")), default=Value(DUE))
    urgent = Case(When(waits_as=DUE, then=F("valid_until")))
    place = Window(RowNumber(), partition_by="waits_as", order_by=[urgent, F("updated_at").desc(), F("id")])
    found = (rows.filter(state__in=UNFINISHED) | due).annotate(waits_as=waits_as)
    placed = found.annotate(place=place, among=Window(Count("pk"), partition_by="waits_as"))
    return list(placed.filter(place__lte=MOST_OF_A_KIND).order_by("waits_as", "place"))


def _revivals(user: User) -> Iterator[Item]:
    """Ended needs for which something has come since."""
    for revival in revivals_for(user)[:MOST_OF_A_KIND]:
        need = revival.need
        text = _("当时未找到合适资源，现有 %(count)d 项新资源可能适合，可一键重新发布") % {"count": revival.count}
        url = reverse("needs:detail", args=[need.public_id])
        yield Item("unmatched", _("有新资源"), need.title, text, url, need.updated_at, order=LEFT_OFF)


def _due(rows: list[Any], app: str, label: str, text: str) -> Iterator[Item]:
    """One row by its name, several by their number: each page has the button, or the buttons."""
    due = [row for row in rows if row.waits_as == DUE]
    if len(due) == 1:
        yield _edit_item(due[0], f"{app}:renewal", text)
    elif due:
        url, first = reverse(f"{app}:renewals"), due[0]
        yield Item("stale", _("待确认"), f"{first.among} {label}", text, url, first.updated_at, order=LEFT_OFF)


def _edit_item(row: Need | Capability, view_name: str, text: str) -> Item:
    url = reverse(view_name, args=[row.public_id])
    label, title = str(row.get_state_display()), row.title or _("（未命名）")
    return Item(row.state, label, title, text, url, row.updated_at, order=LEFT_OFF)
