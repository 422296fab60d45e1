"""Forms of the desk."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.core.forms import DayInput, StyledFormMixin
from apps.engagements.forms.talks import MomentField
from apps.engagements.models import PhoneCall, ReferralKind, ReferralResult
from apps.taxonomy.form_fields import ChainField, TermField, TermsReadTogether
from apps.taxonomy.models import Vocabulary

MOST_SHARES = 6


class DeskFilter(StyledFormMixin, TermsReadTogether):
    """What the desk may be narrowed to; a value that is not on offer narrows nothing."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("事由"), required=False, choices=[("", _("全部事由")), *ReferralKind.choices])
    district = TermField(Vocabulary.DISTRICT, label=_("区市"), empty_label=_("全部区市"))
    chain = ChainField(Vocabulary.INDUSTRY_CHAIN, label=_("产业链"), empty_label=_("全部产业链"))


class HandOverForm(StyledFormMixin, forms.Form):
    """Without a colleague it goes back to the queue."""

    to = forms.ModelChoiceField(label=_("转交给"), queryset=User.objects.none(), required=False)
    note = forms.CharField(
        label=_("转交说明"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        help_text=_("写明进展和接下来要做的事，会保留在办理记录中。"),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = cast("forms.ModelChoiceField[User]", self.fields["to"])
        to.queryset = people
        to.empty_label = str(_("放回待分配"))


class ReferralPlanForm(StyledFormMixin, forms.Form):
    next_action = forms.CharField(label=_("下一步做什么"), required=False, max_length=120)
    next_on = forms.DateField(label=_("计划日期"), required=False, widget=DayInput)


class CloseForm(StyledFormMixin, forms.Form):
    result = forms.ChoiceField(
        label=_("办理结果"),
        required=False,
        choices=[("", _("请选择")), *((v, label) for v, label in ReferralResult.choices if v != ReferralResult.LAPSED)],
    )
    note = forms.CharField(
        label=_("结果说明"), required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500})
    )


class CallForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    called_at = MomentField(label=_("通话时间"), initial=clock.now)

    class Meta:
        model = PhoneCall
        fields = ("side", "with_whom", "called_at", "result", "next_action", "next_on")
        widgets = {"result": forms.Textarea(attrs={"rows": 4, "maxlength": 1000}), "next_on": DayInput}


class RecommendForm(StyledFormMixin, forms.Form):
    reason = forms.CharField(
        label=_("推荐理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
        error_messages={"required": _("请写明推荐理由，供需双方都会看到。")},
        help_text=_("供需双方都会看到，以“技术经纪人推荐”的名义展示。请不要写出匿名一方的单位名称。"),
    )


class ShareForm(StyledFormMixin, forms.Form):
    broker = forms.ModelChoiceField(label=_("技术经纪人"), queryset=User.objects.none(), required=False)
    percent = forms.DecimalField(
        label=_("比例（%）"),
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        widget=forms.NumberInput(attrs={"min": "0.01", "max": "100", "step": "0.01", "inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        broker = cast("forms.ModelChoiceField[User]", self.fields["broker"])
        broker.queryset = people
        broker.empty_label = str(_("不填"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("broker") and cleaned.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _("请填写比例。"))
        if cleaned.get("percent") is not None and not cleaned.get("broker"):
            self.add_error("broker", _("请选择技术经纪人。"))
        return cleaned


class ShareFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    def clean(self) -> None:
        chosen = [form.cleaned_data["broker"] for form in self.forms if form.cleaned_data.get("broker")]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("同一位技术经纪人只能填写一次。"))


def shares_of(formset: Any) -> dict[User, Decimal]:
    """What a valid set of forms says, without its empty rows."""
    filled = [form.cleaned_data for form in formset.forms if form.cleaned_data.get("broker")]
    return {row["broker"]: row["percent"] for row in filled}


SharesFormSet = forms.formset_factory(
    ShareForm, formset=ShareFormSet, extra=MOST_SHARES, max_num=MOST_SHARES, absolute_max=MOST_SHARES
)
