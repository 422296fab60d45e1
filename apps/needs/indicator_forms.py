"""The rows of 主要技术指标 on the form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.indicator_forms import COLUMNS, IndicatorFormBase
from apps.needs.models import NeedIndicator


class NeedIndicatorForm(IndicatorFormBase):
    is_hard = forms.BooleanField(
        label=_("性质"),
        required=False,
        initial=True,
        widget=forms.Select(choices=((True, _("必须达到")), (False, _("希望达到")))),
    )
    typed = (*IndicatorFormBase.typed, "current")
    hints = IndicatorFormBase.hints | {"current": _("如：45 HRC")}

    class Meta:
        model = NeedIndicator
        fields = (*COLUMNS, "is_hard", "current")
