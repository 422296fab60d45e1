"""Forms of outcomes. The rules are the model's and the services'; forms add words and widgets."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DayInput, StyledFormMixin
from apps.engagements.forms.widgets import YuanInput
from apps.engagements.models import Outcome
from apps.engagements.services import NOT_ACHIEVED, REASON_LIMIT
from apps.needs.file_kinds import ACCEPTED_SUFFIXES
from apps.taxonomy.models import Term, Vocabulary
from apps.taxonomy.selectors import terms

MONEY_FIELDS = ("new_sales_yuan", "cost_saved_yuan", "invested_yuan", "received_yuan")


class OutcomeForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = Outcome
        fields = (
            "outcome_type",
            "failure_reason",
            "description",
            "occurred_on",
            "indicator_name",
            "indicator_unit",
            "before_value",
            "after_value",
            *MONEY_FIELDS,
            "evidence",
        )
        labels = {
            "new_sales_yuan": _("新增销售额（元）"),
            "cost_saved_yuan": _("节约成本（元）"),
            "invested_yuan": _("投入额（元）"),
        }
        help_texts = {
            "occurred_on": _("成效实际发生的日期，不早于对接之日。"),
            "indicator_name": _("例如“轧辊寿命”。"),
            "indicator_unit": _("例如“个月”“%”“元/件”。"),
            "before_value": _("例如“3”。"),
            "after_value": _("例如“8”。"),
            "failure_reason": _("仅当成效类型为“未达成”时选择，并在说明里写清经过，对后来者有用。"),
            "received_yuan": _("因这项成效实际收到的款项，例如融资到账。"),
            "evidence": _("验收单、检测报告、照片等，支持 pdf、docx、xlsx、jpg、png，不超过 20 MB。仅双方与平台可见。"),
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "occurred_on": DayInput,
            "evidence": forms.FileInput(attrs={"accept": ACCEPTED_SUFFIXES}),
            **{name: YuanInput() for name in MONEY_FIELDS},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome_type = cast("forms.ModelChoiceField[Term]", self.fields["outcome_type"])
        outcome_type.queryset = terms(Vocabulary.OUTCOME_TYPE)
        outcome_type.empty_label = gettext("请选择")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("outcome_type")
        if chosen is not None and chosen.code == NOT_ACHIEVED and not cleaned.get("failure_reason"):
            self.add_error("failure_reason", _("请选择未达成的原因。"))
        return cleaned

    def columns(self) -> dict[str, Any]:
        """The columns as the services take them; evidence only where a new file was chosen."""
        return {
            name: self.cleaned_data[name]
            for name in self.Meta.fields
            if name != "evidence" or name in self.changed_data
        }


class OutcomeChangesForm(OutcomeForm):
    """`seen` is the revision that was on the screen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class RejectForm(StyledFormMixin, forms.Form):
    """The length is the service's rule, answered beside the field. `seen` is the revision that was on the screen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("驳回原因"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": REASON_LIMIT}),
        help_text=_("请写明哪里与实际不符，对方修改后会再请您确认。"),
    )
