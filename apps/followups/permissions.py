"""Who may answer a questionnaire, and who may do what with a story."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.regions import works_for
from apps.accounts.selectors import Viewer, acts_for, is_reviewer
from apps.core.decisions import ALLOWED, Decision, refused
from apps.engagements.labels import NOTHING_CAME_OF_IT
from apps.engagements.models import Outcome, OutcomeState
from apps.engagements.permissions import engagement_side, is_party
from apps.followups.models import Questionnaire, Story, StoryState
from apps.matching.models import Side


def can_answer(user: User, questionnaire: Questionnaire) -> Decision:
    """Any member of the side that is asked, until it closes."""
    if not acts_for(user, questionnaire.organisation.pk):
        return refused(_("这份问卷由对接中被回访的一方填写。"))
    return ALLOWED if questionnaire.is_open else refused(_("这份问卷已经截止。"))


def can_draft(user: User, outcome: Outcome) -> Decision:
    """Either side, or the case's own broker, of a confirmed success that has no story yet."""
    if not is_party(user, outcome.engagement):
        return refused(_("案例由对接双方或负责跟进的技术经纪人起草。"))
    if outcome.state != OutcomeState.CONFIRMED or outcome.outcome_type.code == NOTHING_CAME_OF_IT:
        return refused(_("已确认的成效才能写成案例。"))
    if hasattr(outcome, "story"):
        return refused(_("这项成效已经有一篇案例了。"))
    return ALLOWED


def can_edit(user: User, story: Story) -> Decision:
    if not is_party(user, story.outcome.engagement):
        return refused(_("案例由对接双方或负责跟进的技术经纪人修改。"))
    if story.state == StoryState.PUBLISHED:
        return refused(_("已发布的案例不能直接修改；任一方撤回同意后即可修改。"))
    return ALLOWED


def can_agree(user: User, story: Story) -> Decision:
    side = engagement_side(user, story.outcome.engagement)
    if side is None:
        return refused(_("案例文字由对接双方的成员确认。"))
    if story.state != StoryState.DRAFT:
        return refused(_("现在不需要确认这篇案例。"))
    if has_agreed(story, side):
        return refused(_("您这一方已经同意这版文字。"))
    return ALLOWED


def can_withdraw(user: User, story: Story) -> Decision:
    """Take the agreement back, also years after: what is public then is public no longer."""
    side = engagement_side(user, story.outcome.engagement)
    if side is None:
        return refused(_("只有对接双方的成员可以撤回同意。"))
    return ALLOWED if has_agreed(story, side) else refused(_("您这一方还没有同意这版文字。"))


def can_review(user: Viewer, story: Story) -> Decision:
    """A reviewer who belongs to neither side, and in whose region one of them lies."""
    if not is_reviewer(user) or engagement_side(user, story.outcome.engagement) is not None:
        return refused(_("案例由平台审核员审核。"))
    proposal = story.outcome.engagement.proposal
    if not any(works_for(user, row.organisation_id) for row in (proposal.need, proposal.capability)):
        return refused(_("这两家单位都不在您负责的区市。"))
    return ALLOWED


def can_publish(user: Viewer, story: Story) -> Decision:
    may_review = can_review(user, story)
    if may_review and story.state != StoryState.SUBMITTED:
        return refused(_("这篇案例现在不在待审核的状态。"))
    return may_review


def can_return(user: Viewer, story: Story) -> Decision:
    """Send it back before it is published, or take it down after."""
    may_review = can_review(user, story)
    if may_review and story.state not in (StoryState.SUBMITTED, StoryState.PUBLISHED):
        return refused(_("这篇案例现在不在待审核的状态。"))
    return may_review


def has_agreed(story: Story, side: Side) -> bool:
    """To the text as it stands."""
    agreed = story.need_agreed_version if side == Side.NEED else story.capability_agreed_version
    return agreed == story.version
