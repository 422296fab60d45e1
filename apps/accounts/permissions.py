"""Who may do what with people, organisations and memberships."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.administrators import can_spare
from apps.accounts.disclosure import is_confided
from apps.accounts.models import Membership, MembershipRole, Organisation, OrganisationKind, OrganisationState, User
from apps.accounts.regions import works_for
from apps.accounts.selectors import Viewer, acts_for, is_administrator, is_reviewer, membership_of
from apps.core.decisions import ALLOWED, Decision, refused
from apps.core.withheld import shown_of


def owns(user: Viewer, organisation: Organisation) -> bool:
    found = membership_of(user)
    return found is not None and found.organisation_id == organisation.pk and found.role == MembershipRole.OWNER


def can_see_organisation(user: Viewer, organisation: Organisation) -> bool:
    """Verified ones that nobody keeps back are public; others are seen by members and by reviewers of their region."""
    if is_confided(user, organisation):
        return True
    return organisation.is_verified and Organisation.objects.filter(shown_of(Organisation), pk=organisation.pk).exists()


def can_review_organisation(user: Viewer, organisation: Organisation) -> Decision:
    """Verify or reject it: reviewers in whose region it lies, but for their own."""
    if not is_reviewer(user):
        return refused(_("只有平台审核员可以核验机构。"))
    if acts_for(user, organisation.pk):
        return refused(_("不能核验自己所在的机构。"))
    if not works_for(user, organisation.pk):
        return refused(_("这家单位不在您负责的区市。"))
    return ALLOWED


def can_manage_organisation(user: Viewer, organisation: Organisation) -> Decision:
    """Change what it says of itself, invite and remove people: its owners."""
    return ALLOWED if owns(user, organisation) else refused(_("只有本单位负责人可以进行该操作。"))


def can_open_centre(user: Viewer, organisation: Organisation) -> Decision:
    """Open its 云上研发中心, or change what it says: owners of an enterprise that was not refused."""
    if organisation.kind != OrganisationKind.ENTERPRISE:
        return refused(_("云上研发中心由企业开通。"))
    if organisation.state == OrganisationState.REJECTED:
        return refused(_("贵单位的核验未通过，请先按提示修改单位信息，再开通云上研发中心。"))
    return can_manage_organisation(user, organisation)


def can_change_identity(user: Viewer, organisation: Organisation) -> Decision:
    """Kind, name and credit code are what was verified: after that only the platform's staff changes them."""
    if organisation.state == OrganisationState.VERIFIED:
        return refused(_("机构名称、类型和统一社会信用代码已通过核验，如需变更请联系平台工作人员。"))
    return can_manage_organisation(user, organisation)


def can_answer_join(user: Viewer, organisation: Organisation) -> Decision:
    """Let somebody in or not: its owners; of one that came from a file and has nobody yet, reviewers of its region."""
    if organisation.memberships.exists():
        return can_manage_organisation(user, organisation)
    if is_reviewer(user) and works_for(user, organisation.pk):
        return ALLOWED
    return refused(_("这家机构还没有成员，由平台审核员核实后答复。"))


def can_end_membership(user: Viewer, membership: Membership) -> Decision:
    """Leave oneself, or remove somebody as an owner; never the last owner."""
    if membership.user_id != user.pk:
        allowed = can_manage_organisation(user, membership.organisation)
        if not allowed:
            return allowed
    owners = membership.organisation.memberships.filter(role=MembershipRole.OWNER)
    if membership.role == MembershipRole.OWNER and not owners.exclude(pk=membership.pk).exists():
        return refused(_("机构至少需要一位负责人。请先把另一位成员设为负责人。"))
    return ALLOWED


def can_deactivate(user: Viewer, person: User) -> Decision:
    """Close an account: one's own, or anybody else's as an administrator; an organisation keeps an owner."""
    if person.pk != user.pk and not is_administrator(user):
        return refused(_("只有管理员可以停用他人的账号。"))
    if not (spared := can_spare(person)):
        return spared
    found = membership_of(person)
    if found is None or not found.organisation.memberships.exclude(pk=found.pk).exists():
        return ALLOWED
    return can_end_membership(person, found)
