"""The home page: for visitors what this is, for everyone else what waits for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Organisation, OrganisationKind, OrganisationState, User
from apps.accounts.selectors import Viewer, is_reviewer, organisation_of, pending_organisations
from apps.capabilities.models import Capability, CapabilityState
from apps.engagements.models import Engagement, Outcome, OutcomeState
from apps.engagements.selectors import outcomes_waiting_for
from apps.matching.models import Proposal, ProposalState
from apps.matching.prospects import revivals_for
from apps.matching.selectors import best_of_each_need, needs_that_fit, waiting_for
from apps.needs.models import Need, NeedState

MOST_OF_A_KIND = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits for the person. `state` gives the badge its tone."""

    state: str
    label: str
    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Number:
    label: str
    value: int
    url: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        context = {"items": list(_waiting(request.user)), "numbers": _own_numbers(request.user)}
        return render(request, "core/home.html", context)
    return render(request, "core/welcome.html", {"numbers": _public_numbers(request.user)})


def _public_numbers(user: Viewer) -> list[Number]:
    """Each counts the rows of the list it leads to; the figures' own rows are open to reviewers only."""
    confirmed = Outcome.objects.filter(state=OutcomeState.CONFIRMED).count()
    figures = reverse("stats:overview") if is_reviewer(user) else ""
    return [
        Number(_("在榜技术需求"), Need.objects.open().visible_to(user).count(), reverse("needs:board")),
        Number(_("可用创新资源"), Capability.objects.open().visible_to(user).count(), reverse("capabilities:list")),
        Number(_("累计对接"), Engagement.objects.count(), figures),
        Number(_("已确认成效"), confirmed, figures),
    ]


def _own_numbers(user: User) -> list[Number]:
    organisation = organisation_of(user)
    if organisation is None or not (organisation.is_supplier or organisation.kind == OrganisationKind.ENTERPRISE):
        return _public_numbers(user)
    cases = Number(_("我的对接"), Engagement.objects.visible_to(user).count(), reverse("engagements:list"))
    if organisation.is_supplier:
        listed = Capability.objects.open().filter(organisation=organisation).count()
        fitting = best_of_each_need(needs_that_fit(user)).count()
        return [
            Number(_("在架资源"), listed, reverse("capabilities:mine")),
            Number(_("适合我的需求"), fitting, reverse("matching:needs_for_me")),
            cases,
        ]
    posted = Need.objects.open().filter(organisation=organisation)
    proposed = Proposal.objects.visible_to(user).filter(need__in=posted, rank__isnull=False)
    return [
        Number(_("在榜需求"), posted.count(), reverse("needs:mine")),
        Number(_("收到的推荐"), proposed.exclude(state=ProposalState.DECLINED).count(), reverse("matching:inbox")),
        cases,
    ]


def _waiting(user: User) -> Iterator[Item]:
    organisation = organisation_of(user)
    if user.is_reviewer:
        yield from _to_review()
    yield from _of_account(user, organisation)
    if organisation is not None:
        yield from _to_answer(user)
        yield from _to_write(organisation)
        yield from _to_renew(user)


def _to_review() -> Iterator[Item]:
    waiting = [
        (pending_organisations().count(), _("家机构等待核验"), "organisations"),
        (Need.objects.filter(state=NeedState.SUBMITTED).count(), _("项需求等待审核"), "needs"),
        (Capability.objects.filter(state=CapabilityState.SUBMITTED).count(), _("项资源等待审核"), "capabilities"),
    ]
    for count, label, tab in waiting:
        if count:
            yield Item("submitted", _("待审核"), f"{count} {label}", "", f"{reverse('review')}?tab={tab}")


def _of_account(user: User, organisation: Organisation | None) -> Iterator[Item]:
    if user.email_confirmed_at is None:
        text = _("确认邮件已发往 %(email)s，没有收到可以重新发送。") % {"email": user.email}
        yield Item("returned", _("待确认"), _("请确认您的邮箱"), text, reverse("accounts:profile"))
    if organisation is not None and organisation.state == OrganisationState.REJECTED:
        url = reverse("accounts:organisation")
        yield Item("rejected", _("未通过"), _("机构核验未通过，请修改后重新提交"), organisation.rejection_reason, url)


def _to_answer(user: User) -> Iterator[Item]:
    for outcome in outcomes_waiting_for(user)[:MOST_OF_A_KIND]:
        proposal = outcome.engagement.proposal
        title = _("请确认成效：%(type)s") % {"type": outcome.outcome_type}
        url = reverse("engagements:detail", args=[outcome.engagement.public_id])
        yield Item("reported", str(outcome.get_state_display()), title, str(proposal.need), url)
    for proposal in waiting_for(user)[:MOST_OF_A_KIND]:
        ours_is_need = proposal.capability_accepted_at is not None
        title = _("对方愿意对接：%(title)s") % {"title": proposal.capability if ours_is_need else proposal.need}
        text = _("对应您的%(title)s") % {"title": f"“{proposal.need if ours_is_need else proposal.capability}”"}
        url = reverse("matching:proposal", args=[proposal.public_id])
        yield Item("interested", _("等您回复"), title, text, url)


def _to_write(organisation: Organisation) -> Iterator[Item]:
    """Returned ones first, then drafts, the latest first."""
    needs = Need.objects.filter(organisation=organisation).order_by("-updated_at")
    capabilities = Capability.objects.filter(organisation=organisation).order_by("-updated_at")
    for need in needs.filter(state=NeedState.RETURNED)[:MOST_OF_A_KIND]:
        yield _edit_item(need, "needs:edit", need.return_reason)
    for capability in capabilities.filter(state=CapabilityState.RETURNED)[:MOST_OF_A_KIND]:
        yield _edit_item(capability, "capabilities:edit", capability.return_reason)
    for need in needs.filter(state=NeedState.DRAFT)[:MOST_OF_A_KIND]:
        yield _edit_item(need, "needs:edit", _("写完就可以发布"))
    for capability in capabilities.filter(state__in=(CapabilityState.DRAFT, CapabilityState.STALE))[:MOST_OF_A_KIND]:
        is_stale = capability.state == CapabilityState.STALE
        yield _edit_item(capability, "capabilities:edit", _("请确认信息仍然有效") if is_stale else _("写完就可以发布"))


def _to_renew(user: User) -> Iterator[Item]:
    """Ended needs for which something has come since."""
    for revival in revivals_for(user)[:MOST_OF_A_KIND]:
        need = revival.need
        text = _("当时未找到合适资源，现有 %(count)d 项新资源可能适合，可一键重新发布") % {"count": revival.count}
        yield Item("unmatched", _("有新资源"), need.title, text, reverse("needs:detail", args=[need.public_id]))


def _edit_item(row: Need | Capability, view_name: str, text: str) -> Item:
    url = reverse(view_name, args=[row.public_id])
    return Item(row.state, str(row.get_state_display()), row.title or _("（未命名）"), text, url)
