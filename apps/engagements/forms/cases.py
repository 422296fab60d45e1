"""Forms of cases: what the list may be narrowed to, and the steps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.engagements.models import EngagementState


class EngagementFilter(StyledFormMixin, forms.Form):
    """What the list may be narrowed to; a value that is not on offer narrows nothing."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("阶段"), required=False, choices=[("", _("全部阶段")), *EngagementState.choices])
    outcomes = forms.ChoiceField(
        label=_("成效"),
        required=False,
        choices=[("", _("不限")), ("waiting", _("有待确认")), ("confirmed", _("已有确认")), ("none", _("尚未填报"))],
    )
