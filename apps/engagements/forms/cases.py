"""Forms of cases: what the list may be narrowed to, and the steps."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.forms import DayInput, StyledFormMixin
from apps.engagements.models import EndReason, Engagement, EngagementState
from apps.engagements.services import Plan


class EngagementFilter(StyledFormMixin, forms.Form):
    """What the list may be narrowed to; a value that is not on offer narrows nothing."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("阶段"), required=False, choices=[("", _("全部阶段")), *EngagementState.choices])
    who = forms.ChoiceField(
        label=_("负责人"),
        required=False,
        choices=[("", _("不限")), ("mine", _("我负责的")), ("broker", _("我跟进的")), ("nobody", _("还没有负责人"))],
    )
    due = forms.ChoiceField(
        label=_("期限"),
        required=False,
        choices=[("", _("不限")), ("overdue", _("已逾期")), ("week", _("7 天内到期")), ("none", _("没有期限"))],
    )
    outcomes = forms.ChoiceField(
        label=_("成效"),
        required=False,
        choices=[("", _("不限")), ("waiting", _("有待确认")), ("confirmed", _("已有确认")), ("none", _("尚未填报"))],
    )


class PlanForm(StyledFormMixin, forms.Form):
    """Who does what by when; the people on offer are those the viewer may know."""

    owner = forms.ModelChoiceField(label=_("负责人"), queryset=User.objects.none(), required=False)
    next_action = forms.CharField(
        label=_("下一步做什么"), required=False, max_length=120, help_text=_("例如“寄送样件并约定试验条件”。")
    )
    due_on = forms.DateField(label=_("截止日期"), required=False, widget=DayInput)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = cast("forms.ModelChoiceField[User]", self.fields["owner"])
        owner.queryset = people
        owner.empty_label = str(_("待定"))

    @classmethod
    def of(cls, engagement: Engagement, people: Any, data: Any = None, *, prefix: str = "plan") -> "PlanForm":
        now = {"owner": engagement.owner_id, "next_action": engagement.next_action, "due_on": engagement.due_on}
        initial = now if prefix == "plan" else {"owner": engagement.owner_id}
        return cls(data, people=people, initial=initial, auto_id=f"id_{prefix}_%s")

    def plan(self) -> Plan:
        return Plan(**self.cleaned_data)


class EndForm(StyledFormMixin, forms.Form):
    end_reason = forms.ChoiceField(label=_("终止原因"), required=False, choices=[("", _("请选择")), *EndReason.choices])
    end_note = forms.CharField(
        label=_("补充说明"), required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500})
    )
