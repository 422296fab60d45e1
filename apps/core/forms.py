"""How every form looks: Bootstrap's classes on the widgets, errors tied to their fields by ARIA."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SELECTED = SafeString(" selected")
CHOICE_WIDGETS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


def css_class(widget: forms.Widget) -> str:
    if isinstance(widget, CHOICE_WIDGETS):
        return "form-check-input"
    if widget.is_hidden:
        return ""
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class StyledBoundField(BoundField):
    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        classes = f"{widget.attrs.get('class', '')} {css_class(widget)}".strip()
        if classes:
            built["class"] = classes
        if self.field.required and not widget.is_hidden and not isinstance(widget, CHOICE_WIDGETS):
            built["aria-required"] = "true"
        return built


class StyledFormMixin:
    """Mix into every Form and ModelForm, and show its fields with components/field.html.

    Browsers' own validation is off (also write `novalidate` on the form): their bubbles speak the browser's language
    and hide all errors but the first. The server answers beside each field.
    """

    bound_field_class: type[BoundField] | None = StyledBoundField
    use_required_attribute = False


def renew(form: forms.BaseForm, name: str, revision: int | str) -> None:
    """Let a form that is shown again be sent on top of what is stored now; `name` is the field that says of what."""
    data = cast("QueryDict", form.data).copy()
    data[form.add_prefix(name)] = str(revision)
    form.data = data


def done(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Whether the service took what the form says; else the form has its errors beside the fields."""
    if not form.is_valid():
        return False
    try:
        act()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


class LongSelect(forms.Select):
    """A choice among hundreds, without groups: Django's own renders a template for each (29 ms for 800)."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        rows = ((key, SELECTED if str(key) in chosen else "", label) for key, label in self.choices)
        options = format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
        own = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", own, options)


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
