"""Reporting something, and answering a report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.core.validators import validate_text
from apps.review.models import ReportReason, ReportState


class ReportForm(StyledFormMixin, forms.Form):
    reason = forms.ChoiceField(label=_("原因"), choices=ReportReason.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("具体情况"),
        required=False,
        max_length=500,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 4}),
        help_text=_("哪里有问题、您怎么知道的。选“其他”时必填。"),
    )


class AnswerForm(StyledFormMixin, forms.Form):
    """`seen` is the version of what was reported that the reviewer read."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    state = forms.ChoiceField(label=_("处理"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("处理说明"),
        max_length=300,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("保留：举报人会看到；下架或请发布方核实：发布方会看到。不要写出举报人。"),
    )

    def __init__(self, *args: Any, may_take_down: bool, is_asked: bool, is_withheld: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(ReportState.KEPT, _("保留：内容没有问题"))]
        if may_take_down:
            label = _("暂停展示：不再公开，进行中的对接不受影响") if is_withheld else _("下架：退回发布方修改")
            offered.append((ReportState.TAKEN_DOWN, label))
        if not is_asked:
            offered.append((ReportState.ASKED, _("请发布方核实，稍后再定")))
        self.fields["state"].choices = offered  # type: ignore[attr-defined]  # a choice field
