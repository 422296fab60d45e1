"""A form and its rows of indicators as one sheet of paper: read, saved and marked together."""

from typing import Any

from django import forms

from apps.core.content import INDICATORS
from apps.core.forms import renew
from apps.core.indicator_forms import IndicatorRows


class SheetBase:
    """What a person filled in, or is about to. Subclasses know what the values are, and how to save them."""

    page_two: frozenset[str] = frozenset()
    """Names of the form's fields that stand on the optional part of the page."""

    def __init__(self, *, form: forms.Form, rows: IndicatorRows, rows_label: Any) -> None:
        self.form, self.rows, self.rows_label = form, rows, rows_label
        self.indicator_gaps: list[str] = []

    @property
    def is_valid(self) -> bool:
        return self.form.is_valid() & self.rows.is_valid()  # both, so that all errors show at once

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
        return not self.page_two.isdisjoint(self.form.errors)

    def is_sent(self, name: str) -> bool:
        """Whether the field came with the data and is good: what was not sent is not to be emptied."""
        field = self.form.fields[name]
        prefixed = self.form.add_prefix(name)
        omitted = field.widget.value_omitted_from_data(self.form.data, self.form.files, prefixed)
        return name in self.form.cleaned_data and not omitted

    def renew_version(self, version: int) -> None:
        """Let the page that shows this sheet again be sent on top of the given version."""
        renew(self.form, "version", version)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Label and first message of every field that could not be saved."""
        wrong = [name for name in self.form.errors if name in self.form.fields]
        found = [(str(self.form[name].label), str(self.form.errors[name][0])) for name in wrong]
        if not self.rows.is_valid():
            messages = [str(message) for message in self.rows.non_form_errors()]
            messages += [str(errors[0]) for row in self.rows for errors in row.errors.values()]
            found.append((str(self.rows_label), messages[0] if messages else ""))
        return found
