"""Registering organisations, verifying them, and changing what they say of themselves."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import mail
from apps.accounts.lifecycle import ORGANISATION_LIFECYCLE
from apps.accounts.models import MembershipRole, Organisation, OrganisationKind, OrganisationState, User
from apps.accounts.permissions import can_change_identity, can_manage_organisation, can_review_organisation
from apps.accounts.selectors import organisation_of
from apps.accounts.services.members import member_add
from apps.accounts.signals import organisation_rejected, organisation_verified
from apps.core import audit, clock
from apps.core.content import Content, IndicatorValues
from apps.core.errors import DomainError, StateConflict
from apps.core.lifecycle import move

IDENTITY = ("kind", "name", "credit_code")
DESCRIPTION = ("short_name", "district", "description")
CONTENT = Content(columns=(*IDENTITY, *DESCRIPTION), term_lists=("tiers",), indicator=IndicatorValues)


def organisation_register(*, organisation: Organisation, by: User) -> Organisation:
    """Somebody who has an account and no organisation registers theirs (not yet saved), which they own.

    It is pending until it is verified; what they asked of another lapses. DomainError for members of any;
    ValidationError by field; StateConflict when somebody else registered it, or they joined one, at this moment.
    """
    if organisation_of(by) is not None:
        raise DomainError(_("您已属于一家机构。如需加入新的机构，请先退出原机构。"))
    require_open_kind(organisation.kind)
    organisation.full_clean()
    try:
        with transaction.atomic():
            organisation.save()
            member_add(user=by, organisation=organisation, role=MembershipRole.OWNER)
            audit.record(organisation, "organisation.registered", by=by, changes={"name": organisation.name})
    except IntegrityError:
        raise StateConflict(_("该机构刚刚已被登记，请核对后再试。")) from None
    return organisation


def require_open_kind(kind: str) -> None:
    """Government departments are set up by the platform's staff. ValidationError beside "kind"."""
    if kind == OrganisationKind.GOVERNMENT:
        raise ValidationError({"kind": _("政府部门由平台工作人员登记，请联系平台。")})


@transaction.atomic
def organisation_verify(*, organisation: Organisation, by: User) -> None:
    """A reviewer found it to be what it says it is; receivers of the signal publish what its people submitted."""
    can_review_organisation(by, organisation).require()
    if not organisation.credit_code and organisation.kind != OrganisationKind.GOVERNMENT:
        raise DomainError(_("该机构尚未填写统一社会信用代码，不能通过核验。"))
    _decide(
        organisation,
        OrganisationState.VERIFIED,
        "organisation.verified",
        by,
        verified_at=clock.now(),
        verified_by=by,
        rejection_reason="",
    )
    organisation_verified.send(Organisation, organisation=organisation, by=by)


@transaction.atomic
def organisation_reject(*, organisation: Organisation, by: User, reason: str) -> None:
    """`reason`, at most 300 signs, tells the owner what to mend."""
    can_review_organisation(by, organisation).require()
    if not reason.strip():
        raise DomainError(_("请写明未通过的原因，方便对方修改。"))
    _decide(
        organisation,
        OrganisationState.REJECTED,
        "organisation.rejected",
        by,
        rejection_reason=reason.strip()[:300],
    )
    organisation_rejected.send(Organisation, organisation=organisation, by=by)


def _decide(organisation: Organisation, state: OrganisationState, action: str, by: User, **fields: Any) -> None:
    move(organisation, state, lifecycle=ORGANISATION_LIFECYCLE, action=action, by=by, **fields)
    mail.send_verdict(organisation)


@transaction.atomic
def organisation_update(
    *, organisation: Organisation, by: User, seen: int, fields: dict[str, Any], tiers: Collection[Any] | None = None
) -> None:
    """Change `fields`, columns of IDENTITY and DESCRIPTION; `tiers` are terms. ValidationError by field.

    `seen` is the revision that was changed: StateConflict where a colleague was faster, unless there is nothing left to
    save (a form sent twice). Kind, name and code cannot be changed once they are verified (`can_change_identity`): the
    published rows stand on them. Changing anything after a rejection asks for a new verification.
    """
    can_manage_organisation(by, organisation).require()
    row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    names = CONTENT.changed_names(row, fields if tiers is None else fields | {"tiers": tiers}, None)
    if not names and row.state != OrganisationState.REJECTED:
        return
    if names and row.revision != seen:
        raise StateConflict
    changed = {name: fields[name] for name in names if name in fields}
    require_open_kind(changed.get("kind", ""))
    if any(name in IDENTITY for name in changed):
        can_change_identity(by, row).require()
    changes = {name: [getattr(row, name), value] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(row, name, value)
    row.revision += 1
    row.full_clean()
    row.save(update_fields=[*changed, "revision", "updated_at"])
    if tiers is not None and "tiers" in names:
        row.tiers.set(tiers)
        changes["tiers"] = list(tiers)
    audit.record(row, "organisation.updated", by=by, changes=changes)
    if row.state == OrganisationState.REJECTED:
        move(
            row,
            OrganisationState.PENDING,
            lifecycle=ORGANISATION_LIFECYCLE,
            action="organisation.resubmitted",
            by=by,
        )
