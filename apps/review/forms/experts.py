"""The expert's answer, and asking for it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.core.validators import validate_text
from apps.review.models import ConfirmationState

ANSWERS = (
    (ConfirmationState.CONFIRMED, _("确认：内容属实，同意公开")),
    (ConfirmationState.DISPUTED, _("内容有误，请先修改")),
    (ConfirmationState.DECLINED, _("不同意公开")),
)


class ExpertAnswerForm(StyledFormMixin, forms.Form):
    answer = forms.ChoiceField(label=_("您的意见"), choices=ANSWERS, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=300,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("选“内容有误”时，请写明哪里有误。为您登记的单位会看到。"),
    )


class AskForm(StyledFormMixin, forms.Form):
    email = forms.EmailField(label=_("专家本人的邮箱"), max_length=254)


class ListForm(StyledFormMixin, forms.Form):
    """One proof for many; `shown_at` is when the reviewer was shown who waits."""

    shown_at = forms.DateTimeField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("核实依据"),
        max_length=300,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("例如“单位已出示专家本人签字的名单”。会记在每位专家的确认记录里。"),
    )
    names = forms.CharField(
        label=_("名单上的姓名"),
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("可以从名单粘贴，每行一个姓名，只确认这些人；不填则确认列出的全部。"),
    )

    def clean_names(self) -> list[str]:
        return list(dict.fromkeys(self.cleaned_data["names"].replace("、", "\n").split()))


class ProofForm(StyledFormMixin, forms.Form):
    note = forms.CharField(
        label=_("核实依据"),
        max_length=300,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 3}),
        help_text=_("例如“已收到本人签字的同意书”“已与本人通话确认”。"),
    )
