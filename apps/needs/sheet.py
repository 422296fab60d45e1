"""The need form and its rows of indicators as one sheet of paper: read, saved and marked together."""

import uuid
from typing import Any, cast

from django.http import QueryDict

from apps.accounts.models import Organisation, User
from apps.needs.content import INDICATORS, IndicatorValues
from apps.needs.forms import NeedForm, initial_of
from apps.needs.indicator_forms import indicator_rows
from apps.needs.models import Need, NeedIndicator
from apps.needs.services import need_draft_save, need_update_published

PAGE_TWO = frozenset(
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


class Sheet:
    """What a person filled in, or is about to."""

    def __init__(
        self, *, organisation: Organisation, user: User, need: Need | None = None, data: QueryDict | None = None
    ) -> None:
        initial = initial_of(need) if need else {"form_key": uuid.uuid4(), "version": 0, "contact": user}
        self.need, self.user = need, user
        self.form = NeedForm(data, organisation=organisation, initial=initial)
        self.rows = indicator_rows(data, need=need)
        self.indicator_gaps: list[str] = []

    @property
    def is_valid(self) -> bool:
        return self.form.is_valid() & self.rows.is_valid()  # both, so that all errors show at once

    @property
    def values(self) -> dict[str, Any]:
        return self.form.values

    @property
    def indicators(self) -> list[IndicatorValues] | None:
        """None while a row is wrong: then the stored ones stay."""
        return self.rows.values() if self.rows.is_valid() else None

    @property
    def has_words(self) -> bool:
        """Whether there is anything worth a draft."""
        return any(self.values.get(name) for name in ("title", "background", "goal"))

    def save_draft(self) -> Need:
        """Save what is good of it. Raises as `need_draft_save`."""
        self.need = need_draft_save(
            by=self.user,
            need=self.need,
            form_key=self.form.cleaned_data.get("form_key"),
            version=self.form.cleaned_data.get("version"),
            values=self.values,
            indicators=self.indicators,
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
        )

    def mark_gaps(self, gaps: dict[str, list[str]]) -> None:
        """Write messages beside their fields, where none stands yet."""
        for name, messages in gaps.items():
            if name == INDICATORS:
                self.indicator_gaps = messages
            elif name not in self.form.fields:
                self.form.add_error(None, messages)
            elif not self.form.has_error(name):
                self.form.add_error(name, messages)

    @property
    def has_gaps(self) -> bool:
        return bool(self.indicator_gaps or self.form.errors)

    @property
    def is_wrong_in_rows(self) -> bool:
        return bool(self.indicator_gaps or (self.rows.is_bound and not self.rows.is_valid()))

    @property
    def is_wrong_on_page_two(self) -> bool:
        return not PAGE_TWO.isdisjoint(self.form.errors)

    def renew_version(self, version: int) -> None:
        """Let the page that shows this sheet again be sent on top of the given version."""
        data = cast("QueryDict", self.form.data).copy()
        data["version"] = str(version)
        self.form.data = data

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Label and first message of every field that could not be saved."""
        wrong = [name for name in self.form.errors if name in self.form.fields]
        found = [(str(self.form[name].label), str(self.form.errors[name][0])) for name in wrong]
        if not self.rows.is_valid():
            messages = [str(message) for message in self.rows.non_form_errors()]
            messages += [str(errors[0]) for row in self.rows for errors in row.errors.values()]
            found.append((str(NeedIndicator._meta.verbose_name), messages[0] if messages else ""))
        return found
