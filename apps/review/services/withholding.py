"""暂停展示: kept from lists and from the matcher while its cases go on, and shown again."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.capabilities.signals import capabilities_imported
from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.core.validators import clean_text
from apps.matching.models import Priority, Proposal
from apps.matching.proposals import drop_untouched
from apps.matching.requests import request_for_needs
from apps.needs.models import OPEN_STATES, Need
from apps.review import notices
from apps.review.models import Row, Withholding
from apps.review.models.subjects import KINDS, kind_of
from apps.review.permissions import can_handle
from apps.review.waiting import is_public
from apps.review.withheld import open_withholding

LONGEST = 300


def can_be_withheld(row: Row) -> bool:
    """It is public, or at work for a case, and is not kept back yet."""
    shown = row.state in OPEN_STATES if isinstance(row, Need) else is_public(row)
    return shown and open_withholding(row) is None


@transaction.atomic
def row_withhold(*, row: Row, by: User, reason: str) -> Withholding:
    """Nobody but its own people, the partners of its cases and reviewers sees it until it is lifted.

    ValidationError without a reason; StateConflict where it is kept back already, or not public.
    """
    can_handle(by, row).require()
    reason = _checked(reason, "text")
    row = KINDS[kind_of(row)].objects.select_for_update(no_key=True).get(pk=row.pk)
    if not can_be_withheld(row):
        raise StateConflict(_("它现在不在公开展示，或已经暂停展示。"))
    owner: dict[str, Any] = {str(kind_of(row)): row}
    withholding = Withholding.objects.create(**owner, reason=reason, withheld_by=by)
    audit.record(row, f"{kind_of(row)}.withheld", by=by, changes={"reason": reason})
    drop_untouched(_proposals(row))
    notices.tell_owners(withholding, by=by, is_lifted=False)
    return withholding


@transaction.atomic
def withholding_lift(*, withholding: Withholding, by: User, note: str) -> Withholding:
    """Show it again, and match it again. StateConflict where a colleague was first."""
    can_handle(by, withholding.row).require()
    note = _checked(note, "note")
    row = KINDS[kind_of(withholding.row)].objects.select_for_update(no_key=True).get(pk=withholding.row.pk)
    withholding = Withholding.objects.select_for_update().get(pk=withholding.pk)
    if withholding.lifted_at is not None:
        raise StateConflict(_("已经恢复展示。"))
    withholding.lifted_at, withholding.lifted_by, withholding.lifted_note = clock.now(), by, note
    withholding.save(update_fields=["lifted_at", "lifted_by", "lifted_note", "updated_at"])
    audit.record(row, f"{kind_of(row)}.shown_again", by=by, changes={"note": note})
    _match_again(row)
    notices.tell_owners(withholding, by=by, is_lifted=True)
    return withholding


def _proposals(row: Row) -> Any:
    if isinstance(row, Organisation):
        return Proposal.objects.filter(need__organisation=row) | Proposal.objects.filter(capability__organisation=row)
    return Proposal.objects.filter(**{str(kind_of(row)): row})


def _match_again(row: Row) -> None:
    whose: dict[str, Any] = {"organisation": row} if isinstance(row, Organisation) else {"pk": row.pk}
    if not isinstance(row, Capability):
        request_for_needs(Need.objects.open().filter(**whose), priority=Priority.BULK)
    if not isinstance(row, Need) and (found := list(Capability.objects.open().filter(**whose))):
        capabilities_imported.send(Capability, capabilities=found)


def _checked(text: str, name: str) -> str:
    text = clean_text(text)
    if not text.strip() or len(text) > LONGEST:
        raise ValidationError({name: _("请写明原因，最多 300 个字。")})
    return text.strip()
