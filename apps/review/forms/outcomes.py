"""Whether a reported outcome is so."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.core.validators import validate_text

TRUE, FALSE = "true", "false"


class OutcomeForm(StyledFormMixin, forms.Form):
    """`seen` is the outcome's `revision` that the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
    verdict = forms.ChoiceField(
        label=_("结论"),
        choices=((TRUE, _("确认属实，计入统计")), (FALSE, _("与实际不符，驳回"))),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("驳回原因"),
        required=False,
        max_length=300,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("驳回时必填，填报方会看到，改好后可以再报。"),
    )

    @property
    def decision(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"is_true": data["verdict"] == TRUE, "reason": data["reason"], "seen": data["seen"]}
