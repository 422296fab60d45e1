"""A person's own lists, the stories that all may read, and who asks to join."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import JoinRequest, User
from apps.accounts.regions import in_region_of
from apps.accounts.selectors import claims_to_answer, is_reviewer
from apps.capabilities.models import Capability
from apps.capabilities.renewals import capabilities_due
from apps.capabilities.selectors import capability_card
from apps.capabilities.selectors import with_terms as with_terms_of_capabilities
from apps.core.switches import is_on
from apps.core.tables.columns import Column, attribute, text
from apps.core.tables.exported import ExportedList, register_lists
from apps.core.validators import clean_text
from apps.followups.forms import StoryFilters
from apps.followups.models import Story
from apps.followups.presentation import StoryView
from apps.followups.selectors import stories_to_review
from apps.matching.models import Bid, Proposal
from apps.matching.presentation import ProposalView
from apps.matching.selectors import bids_of, proposals_of_need
from apps.needs.models import Need
from apps.needs.renewals import needs_due
from apps.needs.selectors import need_card, need_for, with_terms
from apps.notifications.forms import InboxFilter
from apps.notifications.models import Notification
from apps.notifications.selectors import inbox_of, narrowed
from apps.searches.models import SavedSearch
from apps.searches.selectors import searches_of
from apps.stats.columns import NUMBER
from apps.stats.exporting.offers import CAPABILITY_COLUMNS, NEED_COLUMNS
from apps.stats.exporting.work import PROPOSAL_COLUMNS


def _bids(user: User, _query: QueryDict) -> QuerySet[Bid]:
    sides = ("need__organisation", "capability__organisation")
    return bids_of(user).select_related("placed_by", *(f"proposal__{side}" for side in sides))


def _bid(row: Bid, user: User) -> dict[str, Any]:
    return {"bid": row, "pair": ProposalView(row.proposal, user)}


def _need_proposals(user: User, query: QueryDict) -> QuerySet[Proposal]:
    """Of the need that the address names, where this person may see them."""
    need = need_for(user, clean_text(query.get("need", ""))[:20])
    return proposals_of_need(need, user) if need else Proposal.objects.none()


def _notifications(user: User, query: QueryDict) -> QuerySet[Notification]:
    form = InboxFilter(query)
    form.is_valid()  # a value that is not on offer narrows nothing
    chosen = form.cleaned_data
    return narrowed(inbox_of(user), unread=bool(chosen.get("state")), topic=chosen.get("topic", ""))


def _needs_due(user: User, _query: QueryDict) -> QuerySet[Need]:
    return with_terms(needs_due(user))


def _capabilities_due(user: User, _query: QueryDict) -> QuerySet[Capability]:
    return with_terms_of_capabilities(capabilities_due(user))


def _searches(user: User, _query: QueryDict) -> QuerySet[SavedSearch]:
    return searches_of(user)


def _stories(_user: User, query: QueryDict) -> QuerySet[Story]:
    return StoryFilters(query).narrowed()


def _stories_to_review(user: User, _query: QueryDict) -> QuerySet[Story]:
    return stories_to_review(user)


def _story(row: Story, user: User) -> StoryView:
    return StoryView(row, user)


def stories_are_on(_user: User) -> bool:
    return is_on("stories")


def _proposal(row: Proposal, user: User) -> ProposalView:
    return ProposalView(row, user)


def _claims(user: User, _query: QueryDict) -> QuerySet[JoinRequest]:
    return claims_to_answer().filter(in_region_of(user, "organisation__district"))


def _of_bid(name: str) -> Any:
    read = attribute(name)
    return lambda row: read(row["bid"])


BID_COLUMNS = (
    Column(_("编号"), _of_bid("public_id")),
    Column(_("需求名称"), lambda row: row["pair"].need_title),
    Column(_("需求单位"), lambda row: row["pair"].need_owner.name),
    Column(_("资源名称"), lambda row: row["pair"].capability_title),
    Column(_("解决思路"), _of_bid("plan")),
    Column(_("报价（万元）"), _of_bid("price_wan")),
    Column(_("周期（月）"), _of_bid("months")),
    Column(_("揭榜人"), _of_bid("placed_by.name")),
    Column(_("揭榜时间"), _of_bid("placed_at")),
    Column(_("撤回时间"), _of_bid("withdrawn_at")),
)
NOTIFICATION_COLUMNS = (
    Column(_("通知时间"), attribute("told_at")),
    Column(_("类别"), text("topic_row.label")),
    Column(_("标题"), attribute("text.title")),
    Column(_("内容"), attribute("text.line")),
    Column(_("阅读时间"), attribute("read_at")),
)
SEARCH_COLUMNS = (
    Column(_("名称"), attribute("name")),
    Column(_("条件说明"), attribute("summary")),
    Column(_("关注起点"), attribute("watched_since")),
    Column(_("最近发现"), attribute("found_at")),
    Column(_("累计发现"), attribute("found_count")),
)
STORY_COLUMNS = (
    NUMBER,
    Column(_("标题"), attribute("story.title")),
    Column(_("一句话摘要"), attribute("story.summary")),
    Column(_("成效类型"), text("outcome_type")),
    Column(_("产业链"), text("chain")),
    Column(_("区市"), text("district")),
    Column(_("需求方"), text("need_side")),
    Column(_("供给方"), text("capability_side")),
    Column(_("改善的指标"), attribute("story.indicator_name")),
    Column(_("改善前"), attribute("story.before_value")),
    Column(_("改善后"), attribute("story.after_value")),
    Column(_("单位"), attribute("story.indicator_unit")),
    Column(_("状态"), attribute("story.state")),
    Column(_("发布时间"), attribute("story.published_at")),
)
CLAIM_COLUMNS = (
    Column(_("申请时间"), attribute("asked_at")),
    Column(_("申请人"), attribute("person.name")),
    Column(_("邮箱"), attribute("person.email")),
    Column(_("机构"), text("organisation")),
    Column(_("区市"), text("organisation.district")),
    Column(_("自我介绍"), attribute("note")),
)
register_lists(
    bids=ExportedList(_("我的揭榜"), "matching:my_bids", _bids, BID_COLUMNS, _bid),
    need_proposals=ExportedList(_("需求的推荐"), "", _need_proposals, PROPOSAL_COLUMNS, _proposal),
    notifications=ExportedList(_("通知"), "notifications:inbox", _notifications, NOTIFICATION_COLUMNS),
    needs_due=ExportedList(_("到期的需求"), "needs:renewals", _needs_due, NEED_COLUMNS, need_card),
    capabilities_due=ExportedList(
        _("到期的资源"), "capabilities:renewals", _capabilities_due, CAPABILITY_COLUMNS, capability_card
    ),
    searches=ExportedList(_("我的订阅"), "searches:mine", _searches, SEARCH_COLUMNS),
    stories=ExportedList(_("成功案例"), "stories:list", _stories, STORY_COLUMNS, _story, is_open_to=stories_are_on),
    stories_to_review=ExportedList(
        _("待审核的案例"), "stories:review", _stories_to_review, STORY_COLUMNS, _story, is_open_to=is_reviewer
    ),
    claims=ExportedList(_("认领申请"), "accounts:claims", _claims, CLAIM_COLUMNS, is_open_to=is_reviewer),
)
