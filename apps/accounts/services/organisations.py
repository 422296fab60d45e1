"""Verifying organisations, and changing what they say of themselves."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import mail
from apps.accounts.lifecycle import ORGANISATION_LIFECYCLE
from apps.accounts.models import Organisation, OrganisationKind, OrganisationState, User
from apps.accounts.permissions import can_change_identity, can_manage_organisation, can_review_organisation
from apps.accounts.signals import organisation_rejected, organisation_verified
from apps.core import audit, clock
from apps.core.errors import DomainError
from apps.core.lifecycle import move

IDENTITY = ("kind", "name", "credit_code")
DESCRIPTION = ("short_name", "district", "description")


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
    *, organisation: Organisation, by: User, fields: dict[str, Any], tiers: Collection[Any] | None = None
) -> None:
    """Change `fields`, columns of IDENTITY and DESCRIPTION; `tiers` are terms. ValidationError by field.

    Kind, name and code cannot be changed once they are verified (`can_change_identity`): the published rows stand on
    them. Changing them after a rejection asks for a new verification.
    """
    can_manage_organisation(by, organisation).require()
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if any(name in IDENTITY for name in changed):
        can_change_identity(by, row).require()
    changes = {name: [getattr(row, name), value] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(row, name, value)
    row.full_clean()
    row.save(update_fields=[*changed, "updated_at"])
    if tiers is not None:
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
