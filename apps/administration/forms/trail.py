"""What the trail is searched by."""

from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.administration.trail.phrases import CHANGES, VIEWS
from apps.core.forms import DayInput, StyledFormMixin
from apps.core.validators import validate_moment, validate_text

MOST_NAMESAKES = 50


def _kinds() -> list[tuple[str, Any]]:
    named = [
        (model._meta.label_lower, str(model._meta.verbose_name))
        for model in apps.get_models()
        if model.__module__.startswith("apps.") and not model._meta.auto_created
    ]
    return [("", _("全部")), *sorted(named, key=lambda pair: pair[1])]


class TrailFilter(StyledFormMixin, forms.Form):
    """`person` becomes the people who have that name or address; several may share a name."""

    what = forms.ChoiceField(
        label=_("记录"), required=False, choices=[("changes", _("改动")), ("views", _("查看与下载"))]
    )
    person = forms.CharField(
        label=_("操作人（姓名或邮箱）"), required=False, max_length=254, validators=[validate_text]
    )
    action = forms.ChoiceField(label=_("动作"), required=False)
    kind = forms.ChoiceField(label=_("对象类型"), required=False, choices=_kinds)
    number = forms.CharField(label=_("对象编号"), required=False, max_length=12, validators=[validate_text])
    key = forms.IntegerField(required=False, min_value=1, max_value=10**15, widget=forms.HiddenInput)
    since = forms.DateField(label=_("从"), required=False, widget=DayInput, validators=[validate_moment])
    until = forms.DateField(label=_("到"), required=False, widget=DayInput, validators=[validate_moment])
    address = forms.GenericIPAddressField(label=_("来源地址"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(_("查看与下载"), VIEWS)] if self.data.get("what") == "views" else list(CHANGES.items())
        action: Any = self.fields["action"]
        action.choices = [("", _("全部")), *((name, list(group.items())) for name, group in groups)]

    def clean_person(self) -> list[int] | None:
        """Keys of the people meant; None where nobody was named."""
        said = str(self.cleaned_data["person"]).strip()
        if not said:
            return None
        by_address = User.objects.filter(email=said.lower())
        found = by_address if "@" in said else User.objects.filter(name=said)
        keys = list(found.values_list("pk", flat=True)[:MOST_NAMESAKES])
        if not keys:
            raise forms.ValidationError(_("没有找到这个人。请填写完整的姓名或邮箱。"))
        return keys

    def clean_until(self) -> Any:
        until, since = self.cleaned_data["until"], self.cleaned_data.get("since")
        if until and since and until < since:
            raise forms.ValidationError(_("结束日期不能早于开始日期。"))
        return until
