"""云上研发中心: an enterprise opens one, and keeps what it says up to date."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import CloudCentre, Organisation, User
from apps.accounts.permissions import can_open_centre
from apps.core import audit, clock
from apps.core.content import Content, IndicatorValues
from apps.core.errors import StateConflict

COLUMNS = ("industry_chain", "products", "equipment", "research_staff", "directions")
CONTENT = Content(columns=COLUMNS, term_lists=(), indicator=IndicatorValues)


@transaction.atomic
def cloud_centre_open(*, organisation: Organisation, by: User, values: dict[str, Any]) -> CloudCentre:
    """`values` are COLUMNS. One for each enterprise: StateConflict for a second. ValidationError by field."""
    # of two owners who open it at once, the second is told that it is open
    owned = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    can_open_centre(by, owned).require()
    if CloudCentre.objects.filter(organisation=owned).exists():
        raise StateConflict(_("贵单位的云上研发中心已经开通。"))
    centre = CloudCentre(organisation=owned, opened_at=clock.now(), opened_by=by, **_known(values))
    centre.full_clean()
    centre.save()
    audit.record(centre, "centre.opened", by=by, changes=values)
    return centre


@transaction.atomic
def cloud_centre_change(*, centre: CloudCentre, by: User, values: dict[str, Any], seen: int) -> CloudCentre:
    """`seen` is the revision that was changed: StateConflict where a colleague was faster, ValidationError by field.

    A form that was sent twice leaves nothing to save, and is no conflict.
    """
    row = (
        CloudCentre.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .get(pk=centre.pk)
    )
    can_open_centre(by, row.organisation).require()
    changed = {name: value for name, value in _known(values).items() if getattr(row, name) != value}
    if not changed:
        return row
    if row.revision != seen:
        raise StateConflict
    changes = {name: [getattr(row, name), value] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(row, name, value)
    row.revision += 1
    row.full_clean()
    row.save(update_fields=[*changed, "revision", "updated_at"])
    audit.record(row, "centre.changed", by=by, changes=changes)
    return row


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in COLUMNS if name in values}
