"""The need form and its rows of indicators as one sheet of paper."""

import uuid
from typing import Any, cast

from django.http import QueryDict

from apps.accounts.models import Organisation, User
from apps.core.indicator_forms import indicator_rows
from apps.core.sheets import SheetBase
from apps.needs.content import COLUMNS, TERM_LISTS, IndicatorValues
from apps.needs.element_fields import is_sent as elements_are_sent
from apps.needs.element_fields import sent_elements
from apps.needs.elements import ElementValues
from apps.needs.forms import NeedForm, initial_of
from apps.needs.indicator_forms import NeedIndicatorForm
from apps.needs.models import ElementField, Need, NeedIndicator
from apps.needs.services import need_draft_save, need_update_published


class Sheet(SheetBase):
    """What a person filled in, or is about to."""

    page_two = frozenset(
        {
            "budget_wan",
            "expected_months",
            "trl_now",
            "trl_target",
            "tried",
            "unwanted",
            "partner_requirements",
            "partner_region",
            "ip_terms",
            "nda_required",
        }
    )

    def __init__(
        self, *, organisation: Organisation, user: User, need: Need | None = None, data: QueryDict | None = None
    ) -> None:
        self.need, self.user = need, user
        initial = initial_of(need) if need else {"form_key": uuid.uuid4(), "version": 0, "contact": user}
        super().__init__(
            form=NeedForm(data, organisation=organisation, initial=initial),
            rows=indicator_rows(NeedIndicatorForm, data=data, stored=need.indicators.all() if need else ()),
            rows_label=NeedIndicator._meta.verbose_name,
        )

    @property
    def has_words(self) -> bool:
        """Whether there is anything worth a draft."""
        return any(self.values.get(name) for name in ("title", "background", "goal"))

    @property
    def texts(self) -> dict[str, str]:
        """The texts that elements are read from, as they stand on the page, storable or not."""
        return {name.value: str(self.form[name.value].value() or "") for name in ElementField}

    @property
    def values(self) -> dict[str, Any]:
        """Those fields of the need's content that were sent and are good."""
        return {name: self.form.cleaned_data[name] for name in (*COLUMNS, *TERM_LISTS) if self.is_sent(name)}

    @property
    def indicators(self) -> list[IndicatorValues] | None:
        """None while a row is wrong: then the stored ones stay."""
        return [IndicatorValues(**row) for row in self.rows.values()] if self.rows.is_valid() else None

    @property
    def elements(self) -> list[ElementValues] | None:
        """What the person decided about the elements; None where the page has none to decide about."""
        data = cast("QueryDict", self.form.data)
        return sent_elements(data) if self.form.is_bound and elements_are_sent(data) else None

    def save_draft(self) -> Need:
        """Save what is good of it. Raises as `need_draft_save`."""
        self.need = need_draft_save(
            by=self.user,
            need=self.need,
            form_key=self.form.cleaned_data.get("form_key"),
            version=self.form.cleaned_data.get("version"),
            values=self.values,
            indicators=self.indicators,
            elements=self.elements,
        )
        return self.need

    def save_published(self, need: Need) -> Need:
        """Save a valid sheet. Raises as `need_update_published`."""
        return need_update_published(
            need=need,
            by=self.user,
            version=self.form.cleaned_data.get("version"),
            values=self.values,
            indicators=self.indicators,
            elements=self.elements,
        )
