"""Who may bring which files."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import OrganisationKind, User
from apps.accounts.selectors import Viewer, acts_for, is_administrator, is_reviewer, organisation_of
from apps.core.decisions import ALLOWED, Decision, refused
from apps.imports.models import Import, ImportKind

CAPABILITY_KINDS = tuple(kind for kind in ImportKind if kind not in (ImportKind.NEEDS, ImportKind.ORGANISATIONS))


def kinds_of(user: Viewer) -> tuple[ImportKind, ...]:
    """What the person may bring at all: reviewers anything, for whichever organisation the file names."""
    if is_reviewer(user):
        return tuple(ImportKind)
    organisation = organisation_of(user)
    if organisation is None or not organisation.is_verified:
        return ()
    if organisation.kind == OrganisationKind.ENTERPRISE:
        return (ImportKind.NEEDS, *CAPABILITY_KINDS)
    return CAPABILITY_KINDS


def can_import_files(user: Viewer) -> Decision:
    """People of verified organisations, for their own; reviewers for others."""
    if isinstance(user, User) and not is_reviewer(user) and user.email_confirmed_at is None:
        return refused(_("请先确认您的邮箱，再批量导入。确认邮件可在“个人资料”页重新发送。"))
    if kinds_of(user):
        return ALLOWED
    return refused(_("批量导入供已通过核验的机构使用。请先登记机构并通过核验。"))


def can_import_kind(user: Viewer, kind: str) -> Decision:
    allowed = can_import_files(user)
    if not allowed or kind in kinds_of(user):
        return allowed
    return refused(_("您不能导入这一类内容。"))


def can_work_on(user: Viewer, job: Import) -> Decision:
    """Map, start, cancel and undo it: who brought it, colleagues for their organisation, administrators."""
    if job.started_by_id == user.pk or is_administrator(user):
        return can_import_kind(user, job.kind)
    if job.organisation_id is not None and acts_for(user, job.organisation_id):
        return can_import_kind(user, job.kind)
    return refused(_("只有发起人和同单位的成员可以进行该操作。"))
