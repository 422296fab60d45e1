"""Who may list, change and publish capabilities."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, OrganisationState, User
from apps.accounts.regions import covers, works_for
from apps.accounts.selectors import Viewer, acts_for, is_administrator, is_reviewer, organisation_of
from apps.capabilities.models import Capability
from apps.core.decisions import ALLOWED, Decision, refused


def can_create(user: Viewer) -> Decision:
    """Anybody who acts for an organisation, verified or not."""
    return ALLOWED if organisation_of(user) else refused(_("请先登记或加入一个机构，再发布创新资源。"))


def can_edit(user: Viewer, capability: Capability) -> Decision:
    """Change what it says: everybody of its organisation."""
    if acts_for(user, capability.organisation_id):
        return ALLOWED
    return refused(_("只有所属机构的成员可以修改这项资源。"))


def can_submit(user: User, capability: Capability) -> Decision:
    """Put it in the catalogue, or let it wait while the organisation is not verified yet."""
    mine = can_edit(user, capability)
    if not mine:
        return mine
    if user.email_confirmed_at is None:
        return refused(_("请先确认您的邮箱，再发布资源。确认邮件可在“个人资料”页重新发送。"))
    if capability.organisation.state == OrganisationState.REJECTED:
        return refused(_("贵单位的核验未通过，请先按提示修改单位信息。草稿已经保存。"))
    return ALLOWED


def can_manage(user: Viewer, capability: Capability) -> Decision:
    """Take down, put back, confirm: its organisation, and administrators."""
    if acts_for(user, capability.organisation_id) or is_administrator(user):
        return ALLOWED
    return refused(_("只有所属机构的成员可以进行该操作。"))


def can_review(user: Viewer, capability: Capability) -> Decision:
    """Return it or approve it; of the organisations in their region, but for their own."""
    if not is_reviewer(user):
        return refused(_("只有平台审核员可以审核创新资源。"))
    if acts_for(user, capability.organisation_id):
        return refused(_("不能审核本单位的内容。"))
    if not works_for(user, capability.organisation_id):
        return refused(_("这家单位不在您负责的区市。"))
    return ALLOWED


def can_import(user: Viewer, organisation: Organisation) -> Decision:
    """Bring capabilities in from a file: an organisation its own, reviewers those of their region, administrators any.

    What lies in no district is the whole city's business.
    """
    if acts_for(user, organisation.pk) or is_administrator(user):
        return ALLOWED
    if is_reviewer(user) and covers(user, organisation.district_id):
        return ALLOWED
    return refused(_("只能为本单位导入创新资源。"))
