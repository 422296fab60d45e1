"""Who may do what with a need."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, OrganisationKind, OrganisationState, User
from apps.accounts.regions import covers, works_for
from apps.accounts.selectors import Viewer, acts_for, is_administrator, is_reviewer, organisation_of
from apps.core.decisions import ALLOWED, Decision, refused
from apps.needs.models import Need


def can_post(user: Viewer) -> Decision:
    """Start a need: anybody who acts for an enterprise, verified or not."""
    organisation = organisation_of(user)
    if organisation is None:
        return refused(_("请先登记或加入所在企业，再发布需求。"))
    if organisation.kind != OrganisationKind.ENTERPRISE:
        return refused(_("技术需求由企业发布。贵单位可以登记创新资源，平台会为您推荐合适的需求。"))
    return ALLOWED


def can_edit(user: Viewer, need: Need) -> Decision:
    """Change what it says, and its attachments: everybody of its organisation."""
    if acts_for(user, need.organisation_id):
        return ALLOWED
    return refused(_("只有需求单位的成员可以修改这项需求。"))


def can_submit(user: User, need: Need) -> Decision:
    """Put it on the board, or to the reviewers while the organisation is not verified yet."""
    mine = can_edit(user, need)
    if not mine:
        return mine
    if user.email_confirmed_at is None:
        return refused(_("请先确认您的邮箱，再发布需求。确认邮件可在“个人信息”页重新发送。"))
    if need.organisation.state == OrganisationState.REJECTED:
        return refused(_("贵单位的核验未通过，请先按提示修改单位信息。草稿已经保存。"))
    return ALLOWED


def can_manage(user: Viewer, need: Need) -> Decision:
    """Close, reopen, renew it, say that it is solved: its organisation, and administrators."""
    if acts_for(user, need.organisation_id) or is_administrator(user):
        return ALLOWED
    return refused(_("只有需求单位的成员可以进行该操作。"))


def can_review(user: Viewer, need: Need) -> Decision:
    """Return it or approve it; of the organisations in their region, but for their own."""
    if not is_reviewer(user):
        return refused(_("只有平台审核员可以审核需求。"))
    if acts_for(user, need.organisation_id):
        return refused(_("不能审核本单位的需求。"))
    if not works_for(user, need.organisation_id):
        return refused(_("这家单位不在您负责的区市。"))
    return ALLOWED


def can_import(user: Viewer, organisation: Organisation) -> Decision:
    """Bring needs in from a file: an organisation its own, reviewers those of their region, administrators any.

    What lies in no district is the whole city's business.
    """
    if acts_for(user, organisation.pk) or is_administrator(user):
        return ALLOWED
    if is_reviewer(user) and covers(user, organisation.district_id):
        return ALLOWED
    return refused(_("只能为本单位导入需求。"))
