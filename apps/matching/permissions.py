"""Who may answer a proposal."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import OrganisationKind, User
from apps.accounts.regions import works_for
from apps.accounts.selectors import Viewer, acts_for, is_administrator, is_broker, is_reviewer, organisation_of
from apps.capabilities.models import Capability
from apps.core.decisions import ALLOWED, Decision, refused
from apps.core.switches import is_on
from apps.matching.access import contacts_are_open
from apps.matching.bids.switch import BIDS
from apps.matching.models import Proposal, ProposalState, Side
from apps.needs.models import Need

BIDDERS = (OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE)


def side_of(user: Viewer, proposal: Proposal) -> Side | None:
    """The side a person acts for; None for staff, brokers and strangers."""
    if acts_for(user, proposal.need.organisation_id):
        return Side.NEED
    if acts_for(user, proposal.capability.organisation_id):
        return Side.CAPABILITY
    return None


def accepted_by_side(proposal: Proposal, side: Side) -> bool:
    moment = proposal.need_accepted_at if side == Side.NEED else proposal.capability_accepted_at
    return moment is not None


def _may_answer(user: User, proposal: Proposal) -> Decision:
    if side_of(user, proposal) is None:
        return refused(_("只有需求方和供给方的成员可以答复这条推荐。"))
    organisation = organisation_of(user)
    if organisation is None or not organisation.is_verified:
        return refused(_("贵单位通过核验后即可答复推荐。"))
    return ALLOWED


def can_accept(user: User, proposal: Proposal) -> Decision:
    decision = _may_answer(user, proposal)
    if not decision:
        return decision
    if not proposal.need.is_open:
        return refused(_("该需求已不在发布中，无法接受。"))
    if not proposal.capability.is_open:
        return refused(_("该资源已下架或过期，无法接受。"))
    if proposal.state == ProposalState.DECLINED:
        return refused(_("这条推荐已被婉拒。"))
    return ALLOWED


def can_decline(user: User, proposal: Proposal) -> Decision:
    decision = _may_answer(user, proposal)
    if decision and proposal.state == ProposalState.ACCEPTED:
        return refused(_("双方已接受，请在对接页面处理后续事项。"))
    return decision


def can_withdraw(user: User, proposal: Proposal) -> Decision:
    """Take back one's own answer, as long as it has not opened an engagement."""
    decision = _may_answer(user, proposal)
    side = side_of(user, proposal)
    if not decision or side is None:
        return decision
    if proposal.state in (ProposalState.INTERESTED, ProposalState.TIMED_OUT) and accepted_by_side(proposal, side):
        return ALLOWED
    if proposal.state == ProposalState.DECLINED and proposal.declined_side == side:
        return ALLOWED
    return refused(_("没有可以撤回的答复。"))


def can_bid(user: Viewer, need: Need) -> Decision:
    """Answer a need on the board with a plan: universities and institutes, for needs that they may see."""
    organisation = organisation_of(user)
    if organisation is None or organisation.kind not in BIDDERS:
        return refused(_("揭榜由高校和科研院所提出。"))
    if not organisation.is_verified:
        return refused(_("贵单位通过核验后即可揭榜。"))
    if organisation.pk == need.organisation_id:
        return refused(_("不能揭本单位的榜。"))
    return _takes_bids(need)


def _takes_bids(need: Need) -> Decision:
    if not is_on(BIDS):
        return refused(_("平台目前不开放揭榜。"))
    if not need.is_open:
        return refused(_("该需求已不在发布中，无法揭榜。"))
    if need.disclosure == Disclosure.BROKERS:
        return refused(_("该需求由技术经纪人对接，不接受揭榜。"))
    return ALLOWED


def may_see_proposals_of(user: Viewer, organisation_id: int) -> bool:
    """The whole list of a need or a capability: for its organisation, and for the platform's people of its region."""
    return acts_for(user, organisation_id) or works_for(user, organisation_id)


def can_rematch(user: User, row: Need | Capability) -> Decision:
    """Ask for a match out of turn, after one that failed."""
    if not may_see_proposals_of(user, row.organisation_id):
        return refused(_("只有所属单位的成员和平台工作人员可以重新匹配。"))
    return ALLOWED if row.is_open else refused(_("发布之后才能匹配。"))


def can_look_further(user: Viewer, need: Need) -> Decision:
    """Rank everything under conditions: whose list it is, while there is one."""
    if not may_see_proposals_of(user, need.organisation_id):
        return refused(_("只有需求方的成员和平台工作人员可以按条件查找。"))
    return ALLOWED if need.is_open else refused(_("需求发布之后才能按条件查找。"))


def can_pick(user: User, need: Need) -> Decision:
    """Put what was found into the need's list."""
    decision = can_look_further(user, need)
    if decision and acts_for(user, need.organisation_id) and not need.organisation.is_verified:
        return refused(_("贵单位通过核验后即可加入推荐。"))
    return decision


def may_see_rematches(user: Viewer) -> bool:
    """How the bulk work goes is the platform staff's business."""
    return is_reviewer(user)


def can_rematch_city(user: Viewer) -> Decision:
    """Start, pause and cancel the matching of many rows: hours of a machine's work."""
    return ALLOWED if is_administrator(user) else refused(_("批量重新匹配由平台管理员操作。"))


def contacts_are_shown(user: Viewer, proposal: Proposal) -> bool:
    """Names and contacts of both sides: to both sides and brokers once both accepted and nothing holds them back.

    Reviewers, who see who is behind every need, see them from the acceptance on. Which pairs brokers and reviewers come
    by at all is `Proposal.objects.visible_to`'s: those of their region.
    """
    if proposal.state != ProposalState.ACCEPTED:
        return False
    if is_reviewer(user):
        return True
    return (side_of(user, proposal) is not None or is_broker(user)) and contacts_are_open(proposal)
