"""Forms of saved searches."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.core.validators import validate_text
from apps.notifications.topics import Frequency
from apps.searches.models import LONGEST_NAME


class NameForm(StyledFormMixin, forms.Form):
    name = forms.CharField(
        label=_("名称"),
        max_length=LONGEST_NAME,
        validators=[validate_text],
        error_messages={"required": _("请给这个筛选起个名字。")},
    )


class FrequencyForm(StyledFormMixin, forms.Form):
    """How often letters come. In the site, what is new is always shown."""

    frequency = forms.ChoiceField(
        label=_("新内容怎么通知我"),
        widget=forms.RadioSelect,
        choices=[
            (Frequency.AT_ONCE.value, _("即时邮件")),
            (Frequency.DAILY.value, _("每日汇总邮件")),
            (Frequency.WEEKLY.value, _("每周汇总邮件")),
            (Frequency.NEVER.value, _("仅站内")),
        ],
    )

    def __init__(self, data: Any = None, *, now: str = "") -> None:
        super().__init__(data, initial={"frequency": now})
