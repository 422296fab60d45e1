"""Writing what a need says: drafts at any time, published needs as a whole."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.core import audit
from apps.core.errors import StateConflict
from apps.needs import signals
from apps.needs.content import COLUMNS, INDICATORS, IndicatorValues, changed_names, write, write_lists
from apps.needs.elements import ElementValues
from apps.needs.models import Need, NeedState
from apps.needs.permissions import can_edit, can_post
from apps.needs.services.elements import ELEMENTS, analyse_on_commit, decisions_differ, write_decisions
from apps.needs.validators import require_publishable

DRAFT_STATES = (NeedState.DRAFT, NeedState.RETURNED)


class StaleForm(StateConflict):
    """The form was opened before somebody else saved; `need` is the row as it is now."""

    default_message = _("在您填写期间，这项需求已被保存为新的版本。您填写的内容还在页面上，尚未保存。")

    def __init__(self, need: Need) -> None:
        super().__init__()
        self.need = need


def need_draft_save(
    *,
    by: User,
    values: Mapping[str, Any],
    indicators: Sequence[IndicatorValues] | None = None,
    elements: Sequence[ElementValues] | None = None,
    need: Need | None = None,
    form_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Need:
    """Create the draft of a form, or update a draft or a returned need.

    `values` are any of `content.COLUMNS` and `content.TERM_LISTS`, already of the model's types; what is not named
    stays. `elements` are all that people confirmed, removed or added; the text is read again afterwards. Without
    `need`, `form_key` finds the draft that this form has already made. `version` is the one the form was opened with:
    StaleForm when another was saved since, unless there is nothing left to save (a form sent twice). StateConflict when
    the need is no draft any more.
    """
    need = need or _draft_of_form(form_key)
    if need is None:
        can_post(by).require()
        try:
            return _create(
                by=by, values=values, indicators=indicators, elements=elements, form_key=form_key or uuid.uuid4()
            )
        except IntegrityError:  # the same form, sent twice at once
            need = _draft_of_form(form_key)
            if need is None:
                raise
    can_edit(by, need).require()
    return _update(
        need,
        by=by,
        values=values,
        indicators=indicators,
        elements=elements,
        version=version,
        states=DRAFT_STATES,
    )


def need_update_published(
    *,
    need: Need,
    by: User,
    values: Mapping[str, Any],
    indicators: Sequence[IndicatorValues] | None = None,
    elements: Sequence[ElementValues] | None = None,
    version: int | None = None,
) -> Need:
    """Change a need on the board, which is then matched again. It must stay fit for it: ValidationError by field."""
    can_edit(by, need).require()
    before = need.version
    with transaction.atomic():
        need = _update(
            need,
            by=by,
            values=values,
            indicators=indicators,
            elements=elements,
            version=version,
            states=(NeedState.PUBLISHED,),
        )
        require_publishable(need)
        if need.version != before:
            signals.need_published.send(Need, need=need, by=by)
    return need


def _draft_of_form(form_key: uuid.UUID | None) -> Need | None:
    return Need.objects.filter(form_key=form_key).select_related("organisation").first() if form_key else None


@transaction.atomic
def _create(
    *,
    by: User,
    values: Mapping[str, Any],
    indicators: Sequence[IndicatorValues] | None,
    elements: Sequence[ElementValues] | None,
    form_key: uuid.UUID,
) -> Need:
    columns = {name: values[name] for name in COLUMNS if name in values}
    need = Need(organisation=organisation_of(by), created_by=by, form_key=form_key, **{"contact": by, **columns})
    need.save(force_insert=True)
    write_lists(need, values, indicators, names={*values, INDICATORS})
    audit.record(need, "need.created", by=by)
    if elements:
        write_decisions(need, elements, by=by)
    analyse_on_commit(need)
    return need


@transaction.atomic
def _update(
    need: Need,
    *,
    by: User,
    values: Mapping[str, Any],
    indicators: Sequence[IndicatorValues] | None,
    elements: Sequence[ElementValues] | None,
    version: int | None,
    states: Sequence[NeedState],
) -> Need:
    names = changed_names(need, values, indicators)
    if elements is not None and decisions_differ(need, elements):
        names = (*names, ELEMENTS)
    if not names:
        return need
    if need.state not in states:
        raise StateConflict(_("这项需求当前的状态是“%(state)s”，不能修改。") % {"state": need.get_state_display()})
    if version is not None and version != need.version:
        raise StaleForm(need)
    write(need, values, indicators, names=names)
    audit.record(need, "need.edited", by=by, changes={"fields": names, "version": need.version})
    if elements is not None and ELEMENTS in names:
        write_decisions(need, elements, by=by)
    analyse_on_commit(need)
    return need
