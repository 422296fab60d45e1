"""How every form looks: Bootstrap's classes on the widgets, errors tied to their fields by ARIA."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

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


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
