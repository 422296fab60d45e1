"""The form of one city setting: the setting's own field, and why it is changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.city_settings import Setting, seen_value
from apps.core.forms import StyledFormMixin


class SettingForm(StyledFormMixin, forms.Form):
    reason = forms.CharField(
        label=_("修改原因"), max_length=200, required=False, help_text=_("会记入历史，方便以后查阅。")
    )

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, setting: Setting, current: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = setting.field()
        field.label, field.initial, field.help_text = setting.label, current, setting.help_text
        self.fields["value"] = field
        self.fields["seen"].initial = seen_value(current)
        self.order_fields(("value", "reason", "seen"))


def shown_value(setting: Setting, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    labels = dict(getattr(setting.field(), "choices", None) or ())
    if isinstance(value, list):
        return "、".join(str(labels.get(item, item)) for item in value) or str(_("（空）"))
    return str(labels.get(value, value)) if value not in ("", None) else str(_("（空）"))
