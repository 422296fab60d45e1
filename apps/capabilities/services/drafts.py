"""Writing what a capability says: drafts at any time, published capabilities as a whole."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.capabilities import signals
from apps.capabilities.content import COLUMNS, CONTENT, INDICATORS, IndicatorValues
from apps.capabilities.kinds import clean_details
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.permissions import can_create, can_edit
from apps.capabilities.validators import require_publishable
from apps.core import audit
from apps.core.errors import StateConflict

DRAFT_STATES = (CapabilityState.DRAFT, CapabilityState.RETURNED)
CATALOGUE_STATES = (CapabilityState.PUBLISHED, CapabilityState.STALE)


class StaleForm(StateConflict):
    """The form was opened before somebody else saved; `capability` is the row as it is now."""

    default_message = _("在您填写期间，这项资源已被保存为新的版本。您填写的内容还在页面上，尚未保存。")

    def __init__(self, capability: Capability) -> None:
        super().__init__()
        self.capability = capability


def capability_draft_save(
    *,
    by: User,
    values: Mapping[str, Any],
    indicators: Sequence[IndicatorValues] | None = None,
    capability: Capability | None = None,
    form_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Capability:
    """Create the draft of a form, or update a draft or a returned capability.

    `values` are any of `content.COLUMNS` and `content.TERM_LISTS`, already of the model's types; what is not named
    stays. A new one needs `kind`. Without `capability`, `form_key` finds the draft that this form has already made.
    `version` is the one the form was opened with: StaleForm when another was saved since, unless there is nothing left
    to save (a form sent twice). StateConflict when it is no draft any more. ValidationError for wrong details.
    """
    capability = capability or draft_of_form(by, form_key)
    if capability is None:
        can_create(by).require()
        try:
            return _create(by=by, values=values, indicators=indicators, form_key=form_key or uuid.uuid4())
        except IntegrityError:  # the same form, sent twice at once
            capability = draft_of_form(by, form_key)
            if capability is None:  # the key is that of somebody else's form
                raise StateConflict from None
    can_edit(by, capability).require()
    return _update(capability, by=by, values=values, indicators=indicators, version=version, states=DRAFT_STATES)


@transaction.atomic
def capability_update_published(
    *,
    capability: Capability,
    by: User,
    values: Mapping[str, Any],
    indicators: Sequence[IndicatorValues] | None = None,
    version: int | None = None,
) -> Capability:
    """Change what is in the catalogue, which is then matched again. ValidationError by field if unfit for it."""
    can_edit(by, capability).require()
    before = capability.version
    capability = _update(
        capability, by=by, values=values, indicators=indicators, version=version, states=CATALOGUE_STATES
    )
    require_publishable(capability)
    if capability.version != before and capability.state == CapabilityState.PUBLISHED:
        signals.capability_published.send(Capability, capability=capability, by=by)
    return capability


def draft_of_form(by: User, form_key: uuid.UUID | None) -> Capability | None:
    """What a form of the person's organisation has made already."""
    if form_key is None:
        return None
    mine = Capability.objects.filter(organisation=organisation_of(by), form_key=form_key)
    return mine.select_related("organisation").first()


@transaction.atomic
def _create(
    *, by: User, values: Mapping[str, Any], indicators: Sequence[IndicatorValues] | None, form_key: uuid.UUID
) -> Capability:
    columns = {name: values[name] for name in COLUMNS if name in values}
    columns["details"] = clean_details(columns["kind"], columns.get("details", {}))
    capability = Capability(
        organisation=organisation_of(by), created_by=by, form_key=form_key, **{"contact": by, **columns}
    )
    capability.save(force_insert=True)
    CONTENT.write_lists(capability, values, indicators, names={*values, INDICATORS})
    audit.record(capability, "capability.created", by=by)
    return capability


@transaction.atomic
def _update(
    capability: Capability,
    *,
    by: User,
    values: Mapping[str, Any],
    indicators: Sequence[IndicatorValues] | None,
    version: int | None,
    states: Sequence[CapabilityState],
) -> Capability:
    if "details" in values:
        kind = values.get("kind", capability.kind)
        values = {**values, "details": clean_details(kind, values["details"])}
    names = CONTENT.changed_names(capability, values, indicators)
    if not names:
        return capability
    if capability.state not in states:
        sentence = _("这项资源当前的状态是“%(state)s”，不能修改。")
        raise StateConflict(sentence % {"state": capability.get_state_display()})
    if version is not None and version != capability.version:
        raise StaleForm(capability)
    before = capability.details
    CONTENT.write(capability, values, indicators, names=names)
    changes = {"fields": names, "version": capability.version}
    audit.record(capability, "capability.edited", by=by, changes=changes)
    if "details" in names:
        signals.capability_rewritten.send(Capability, capability=capability, before=before, by=by)
    return capability
