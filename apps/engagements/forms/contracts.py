"""Forms of contracts, their money and their milestones. The rules are the models' and the services'."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.forms import DayInput, StyledFormMixin
from apps.engagements.forms.widgets import YuanInput
from apps.engagements.models import TERM_NAMES, Contract, Instalment, Milestone
from apps.needs.file_kinds import ACCEPTED_SUFFIXES
from apps.taxonomy.models import Term, Vocabulary
from apps.taxonomy.selectors import terms


class ContractForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = Contract
        fields = TERM_NAMES
        help_texts = {
            "amount_yuan": _("合同总金额，单位：元。"),
            "technology_amount_yuan": _("成交额中属于技术交易的部分，用于技术合同认定登记。"),
        }
        widgets = {
            **dict.fromkeys(("signed_on", "starts_on", "ends_on"), DayInput),
            **{name: YuanInput() for name in ("amount_yuan", "technology_amount_yuan")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract_type = cast("forms.ModelChoiceField[Term]", self.fields["contract_type"])
        contract_type.queryset = terms(Vocabulary.CONTRACT_TYPE)
        contract_type.empty_label = gettext("请选择")

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in TERM_NAMES}


class AmendmentForm(ContractForm):
    reason = forms.CharField(
        label=_("变更原因"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
        help_text=_("例如“增加二期试验，追加费用 8 万元”。变更前的内容会保留。"),
    )


class InstalmentForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = Instalment
        fields = ("planned_on", "planned_yuan")
        widgets = {"planned_on": DayInput, "planned_yuan": YuanInput()}


class ReceiptForm(StyledFormMixin, forms.Form):
    received_on = forms.DateField(label=_("到账日期"), widget=DayInput)
    received_yuan = forms.DecimalField(
        label=_("到账金额（元）"), max_digits=16, decimal_places=2, min_value=0, widget=YuanInput()
    )

    @classmethod
    def of(cls, instalment: Instalment) -> "ReceiptForm":
        """What was planned, to be put right where less or more came."""
        planned = {"received_on": clock.today(), "received_yuan": instalment.planned_yuan}
        return cls(initial=planned, auto_id=f"id_{instalment.public_id}_%s")


class MilestoneForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = Milestone
        fields = ("title", "due_on")
        widgets = {"due_on": DayInput}


class ContractFileForm(StyledFormMixin, forms.Form):
    upload = forms.FileField(
        label=_("选择文件"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED_SUFFIXES}),
        help_text=_("合同扫描件、登记证明等，支持 pdf、docx、xlsx、jpg、png，不超过 20 MB。"),
    )
