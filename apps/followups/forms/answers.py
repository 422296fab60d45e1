"""The questionnaire: a few taps on a phone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.engagements.forms.widgets import YuanInput
from apps.followups.models import RATINGS, Answer, Fit, FurtherWork, Usage
from apps.followups.services.answering import TOLD
from apps.matching.models import Side


def _choice(column: str, choices: Any, *, number: bool = False) -> Any:
    return forms.TypedChoiceField(
        label=Answer._meta.get_field(column).verbose_name,  # type: ignore[union-attr]  # a column
        choices=choices,
        coerce=int if number else str,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。")},
    )


class AnswerForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """`seen` is the revision of the answer that was shown; empty where there was none."""

    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    usage = _choice("usage", Usage.choices)
    fit = _choice("fit", Fit.choices)
    further_work = _choice("further_work", FurtherWork.choices)
    partner_rating = _choice("partner_rating", RATINGS, number=True)
    platform_rating = _choice("platform_rating", RATINGS, number=True)

    class Meta:
        model = Answer
        fields = TOLD
        help_texts = {
            "new_sales_yuan": _("大概数即可，不清楚可不填。"),
            "cost_saved_yuan": _("大概数即可，不清楚可不填。"),
        }
        widgets = {
            "stop_reason": forms.TextInput(),
            "note": forms.Textarea(attrs={"rows": 3}),
            "new_sales_yuan": YuanInput(),
            "cost_saved_yuan": YuanInput(),
        }

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.revision
        if side == Side.CAPABILITY:
            self.fields["usage"].label = _("据您了解，成果目前是否仍在使用？")

    def columns(self) -> dict[str, Any]:
        """As the service takes them."""
        return {name: self.cleaned_data[name] for name in TOLD}
