"""Who may list, change and publish capabilities."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import acts_for, is_reviewer, organisation_of
from apps.capabilities.models import Capability, CapabilityState
from apps.core.decisions import ALLOWED, Decision, refused


def can_create(user: User) -> Decision:
    return ALLOWED if organisation_of(user) else refused(_("请先加入一个机构，再发布创新资源。"))


def can_edit(user: User, capability: Capability) -> Decision:
    if not acts_for(user, capability.organisation_id):
        return refused(_("只有所属机构的成员可以修改。"))
    return ALLOWED if capability.is_editable else refused(_("当前状态下不能修改。"))


def can_submit(user: User, capability: Capability) -> Decision:
    decision = can_edit(user, capability)
    if decision and user.email_confirmed_at is None:
        return refused(_("请先确认邮箱，再发布。"))
    return decision


def can_act_as_owner(user: User, capability: Capability) -> Decision:
    """Taking down, putting back, confirming: the owner's members, and reviewers."""
    if acts_for(user, capability.organisation_id) or is_reviewer(user):
        return ALLOWED
    return refused(_("只有所属机构的成员可以进行该操作。"))


def can_review(user: User, capability: Capability) -> Decision:
    if not is_reviewer(user):
        return refused(_("只有审核员可以审核。"))
    if acts_for(user, capability.organisation_id):
        return refused(_("不能审核本单位的内容。"))
    if capability.state not in (CapabilityState.SUBMITTED, CapabilityState.PUBLISHED):
        return refused(_("当前状态下无需审核。"))
    return ALLOWED
