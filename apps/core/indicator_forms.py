"""Rows of technical indicators on a form. Each app makes its form class from `IndicatorFormBase`."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.core.indicators import Comparison

MOST_ROWS = 20
PREFIX = "indicators"
COLUMNS = ("name", "comparison", "low", "high", "unit")


class IndicatorFormBase(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """One row; a subclass names its model and columns in Meta, and the columns that people type into."""

    typed: tuple[str, ...] = ("name", "low", "high", "unit")
    hints: dict[str, Any] = {"name": _("如：硬度"), "unit": _("如：HRC")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, hint in self.hints.items():
            self.fields[name].widget.attrs |= {"placeholder": hint, "autocomplete": "off"}
        for name, label in (("low", _("下限")), ("high", _("上限"))):
            self.fields[name].label = label
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
            field.error_messages["required"] = _("请填写。")

    def has_changed(self) -> bool:
        """A row counts once something is typed into it; choices alone say nothing."""
        return any(self.data.get(self.add_prefix(name), "").strip() for name in self.typed)

    def clean(self) -> dict[str, Any] | None:
        """Where one value is asked for, the page hides the other field; what is left in it does not count."""
        cleaned = super().clean()
        if self.cleaned_data.get("comparison") == Comparison.EQUAL:
            self.cleaned_data["high"] = None
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """Columns of a valid row; the bounds that its comparison lacks are None."""
        return {name: getattr(self.instance, name) for name in self._meta.fields or ()}


class IndicatorRows(forms.BaseFormSet):  # type: ignore[type-arg]  # generic for the checker only
    """Rows in their order; those left blank or struck out do not count."""

    def initial_form_count(self) -> int:
        """All rows that come in are alike: a stored one that was emptied is as blank as a new one."""
        return 0 if self.is_bound else super().initial_form_count()

    def values(self) -> list[dict[str, Any]]:
        return [form.values for form in self.forms if form.has_changed() and form not in self.deleted_forms]


def indicator_rows(
    form: type[IndicatorFormBase], *, data: Any = None, stored: Any = (), blank_rows: int = 1
) -> IndicatorRows:
    """The rows that were sent, or the stored ones, or as many blank ones."""
    made_of = forms.formset_factory(
        form,
        formset=IndicatorRows,
        extra=0,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 10,
        validate_max=True,
    )
    columns = form._meta.fields or ()
    initial = [{name: _shown(getattr(row, name)) for name in columns} for row in stored]
    messages = {
        "missing_management_form": gettext("技术指标没有完整提交，请刷新页面后重试。"),
        "too_many_forms": gettext("技术指标最多 %(num)d 项。"),
    }
    made = made_of(data=data, prefix=PREFIX, initial=None if data is not None else initial, error_messages=messages)
    if data is None and not initial:
        made.extra = blank_rows
    return cast("IndicatorRows", made)


def _shown(value: Any) -> Any:
    """A number as a person would type it: 60, not 60.0."""
    return f"{value:.12g}" if isinstance(value, float) else value
