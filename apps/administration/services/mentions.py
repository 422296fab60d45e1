"""Replacing a person's name in one text, before they are forgotten."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.administration.erasing import texts
from apps.administration.erasing.mentions import place_of
from apps.administration.models import ErasureRequest
from apps.administration.permissions import can_administer
from apps.administration.services.merging import rows_read_again
from apps.core import audit
from apps.core.errors import DomainError, NotAllowed, StateConflict


@transaction.atomic
def mention_replace(*, request: ErasureRequest, place: str, key: str, by: User) -> None:
    """Write “已注销用户” for the name in one text. It cannot be undone, so the waiting time must be over.

    DomainError for a text that is kept as it is, StateConflict where the name stands there no more.
    """
    can_administer(by).require()
    held = ErasureRequest.objects.select_for_update().get(pk=request.pk)
    if held.person_id == by.pk:
        raise NotAllowed(_("您自己的注销申请须由另一位管理员办理。"))
    if not held.is_due:
        raise StateConflict(_("等待期尚未届满，或申请已经办理。"))
    found = place_of(place, key)
    if found is None:
        raise DomainError(_("这里的文字须按原样保留。"))
    name = User.objects.values_list("name", flat=True).get(pk=held.person_id)
    row = found.model._default_manager.select_for_update(no_key=True).get(pk=found.keys[0])
    said = getattr(row, found.column)
    if texts.replaced(said, {name: str(_("已注销用户"))}) == said:
        raise StateConflict
    texts.replace([found], {name: str(_("已注销用户"))})
    rows_read_again({found.model: set(found.keys)})
    column = found.model._meta.get_field(found.column)
    audit.record(row, "text.name_replaced", by=by, changes={"fields": [str(getattr(column, "verbose_name", place))]})
