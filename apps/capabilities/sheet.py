"""The capability form and its rows of indicators as one sheet of paper."""

import uuid
from typing import Any

from django.http import QueryDict

from apps.accounts.models import Organisation, User
from apps.capabilities.content import IndicatorValues
from apps.capabilities.forms import CapabilityForm, CapabilityIndicatorForm, initial_of
from apps.capabilities.models import Capability, CapabilityIndicator
from apps.capabilities.services import capability_draft_save, capability_update_published
from apps.capabilities.services.drafts import draft_of_form
from apps.core.indicator_forms import indicator_rows
from apps.core.sheets import SheetBase

PAGE_TWO = frozenset({"district", "valid_until", "contact"})


class Sheet(SheetBase):
    """What a person filled in, or is about to."""

    def __init__(
        self,
        *,
        kind: str,
        organisation: Organisation,
        user: User,
        capability: Capability | None = None,
        data: QueryDict | None = None,
    ) -> None:
        self.capability, self.user = capability, user
        initial = initial_of(capability) if capability else {"form_key": uuid.uuid4(), "version": 0, "contact": user}
        form = CapabilityForm(data, kind=kind, organisation=organisation, initial=initial)
        stored = capability.indicators.all() if capability else ()
        rows = indicator_rows(CapabilityIndicatorForm, data=data, stored=stored)
        super().__init__(form=form, rows=rows, rows_label=CapabilityIndicator._meta.verbose_name)
        self.kind = form.kind
        self.page_two = PAGE_TWO | {field.name for field in form.further_details}

    @property
    def has_words(self) -> bool:
        """Whether there is anything worth a draft."""
        return any(self.values.get(name) for name in ("title", "value", "description"))

    @property
    def values(self) -> dict[str, Any]:
        """Those fields of the content that were sent and are good."""
        form = self._form
        values = {name: form.cleaned_data[name] for name in form.columns if self.is_sent(name)}
        if not form.chosen_industries and form.cleaned_data.get("industry"):
            values["industries"] = [form.cleaned_data["industry"]]  # a browser without scripts
        if self.capability is None:
            values["kind"] = self.kind
        return values | {"details": self._details}

    @property
    def _details(self) -> dict[str, Any]:
        """Good ones as sent, wrong ones as stored."""
        form = self._form
        stored = self.capability.details if self.capability else {}
        good = {key: form.cleaned_data[key] for key in form.detail_keys if key in form.cleaned_data}
        return {key: value for key, value in {**stored, **good}.items() if value not in (None, "", [], False)}

    @property
    def _form(self) -> CapabilityForm:
        assert isinstance(self.form, CapabilityForm)  # noqa: S101  (for the type checker)
        return self.form

    @property
    def indicators(self) -> list[IndicatorValues] | None:
        """None while a row is wrong: then the stored ones stay."""
        if not self.rows.is_valid():
            return None
        return [IndicatorValues(**row) for row in self.rows.values()]

    def save_draft(self) -> Capability:
        """Save what is good of it. Raises as `capability_draft_save`."""
        form_key = self.form.cleaned_data.get("form_key")
        self.capability = self.capability or draft_of_form(self.user, form_key)
        self.capability = capability_draft_save(
            by=self.user,
            capability=self.capability,
            form_key=form_key,
            version=self.form.cleaned_data.get("version"),
            values=self.values,
            indicators=self.indicators,
        )
        return self.capability

    def save_published(self, capability: Capability) -> Capability:
        """Save a valid sheet. Raises as `capability_update_published`."""
        return capability_update_published(
            capability=capability,
            by=self.user,
            version=self.form.cleaned_data.get("version"),
            values=self.values,
            indicators=self.indicators,
        )
