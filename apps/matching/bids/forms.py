"""The form of a bid."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import Capability
from apps.core.forms import StyledFormMixin
from apps.core.validators import validate_text
from apps.matching.models.bids import LONGEST_MONTHS, LONGEST_PLAN, SHORTEST_PLAN


class BidForm(StyledFormMixin, forms.Form):
    capability = forms.ModelChoiceField(
        label=_("用哪项资源揭榜"),
        queryset=Capability.objects.none(),
        to_field_name="public_id",
        empty_label=_("请选择"),
        error_messages={
            "required": _("请选择一项已发布的资源。"),
            "invalid_choice": _("请从列表中选择一项资源。"),
        },
    )
    plan = forms.CharField(
        label=_("揭榜方案"),
        min_length=SHORTEST_PLAN,
        max_length=LONGEST_PLAN,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 8}),
        help_text=_(
            "20 至 2,000 字：打算怎么做、分几步、能达到什么指标、需要对方配合什么。双方接受之前请不要写联系方式。"
        ),
        error_messages={"required": _("请写明揭榜方案。")},
    )
    price_wan = forms.DecimalField(
        label=_("报价（万元）"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        help_text=_("选填，留空即为面议。"),
    )
    months = forms.IntegerField(
        label=_("预计周期（月）"),
        min_value=1,
        max_value=LONGEST_MONTHS,
        error_messages={"required": _("请填写预计几个月完成。")},
    )

    def __init__(self, data: Any = None, *, capabilities: QuerySet[Capability], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["capability"].queryset = capabilities  # type: ignore[attr-defined]  # a choice of rows
