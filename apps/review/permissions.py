"""Who may use the desk, decide there, and report."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.accounts.permissions import can_review_organisation
from apps.accounts.selectors import Viewer, acts_for, is_reviewer
from apps.capabilities.permissions import can_review as can_review_capability
from apps.core.decisions import ALLOWED, Decision, refused
from apps.engagements.permissions import engagement_side
from apps.followups.models import Story
from apps.followups.permissions import can_review as can_review_story
from apps.needs.models import Need
from apps.needs.permissions import can_review as can_review_need
from apps.review.models import Report, Row
from apps.review.models.subjects import organisation_of_row


def can_use_desk(user: Viewer) -> Decision:
    return ALLOWED if is_reviewer(user) else refused(_("审核页面仅供平台审核员使用。"))


def can_handle(user: User, row: Row) -> Decision:
    """Decide about it: a reviewer in whose region its organisation lies, and who does not belong to that."""
    if isinstance(row, Organisation):
        return can_review_organisation(user, row)
    return can_review_need(user, row) if isinstance(row, Need) else can_review_capability(user, row)


def can_report(user: User, subject: Row | Story) -> Decision:
    """Anybody who is signed in, of what is not their own."""
    if isinstance(subject, Story):
        is_own = engagement_side(user, subject.outcome.engagement) is not None
    else:
        is_own = acts_for(user, organisation_of_row(subject).pk)
    return refused(_("这是本单位的内容，可以直接修改。")) if is_own else ALLOWED


def can_answer(user: User, report: Report) -> Decision:
    """Decide about a report: a reviewer who could decide about what it is about, and did not report it."""
    if report.reporter_id == user.pk:
        return refused(_("不能处理自己提出的举报。"))
    subject = report.subject
    if isinstance(subject, Story):
        return can_review_story(user, subject)
    return can_handle(user, subject)


def can_ask_expert(user: User, capability: Row) -> Decision:
    """Send the expert a letter: whoever listed them, and reviewers of the region."""
    if acts_for(user, organisation_of_row(capability).pk):
        return ALLOWED
    return can_handle(user, capability)
