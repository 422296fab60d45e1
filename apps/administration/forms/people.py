"""Finding people, and what they do for the platform."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import PlatformRole, User
from apps.administration.services.people import Duty, state_of
from apps.core.forms import StyledFormMixin
from apps.taxonomy.form_fields import TermsField
from apps.taxonomy.models import Vocabulary

ROLES = [(role.value, role.label) for role in PlatformRole if role != PlatformRole.NONE]
LONGEST_REASON = 200


class PeopleFilter(StyledFormMixin, forms.Form):
    q = forms.CharField(
        label=_("姓名、邮箱、手机或单位"), required=False, max_length=60, widget=forms.TextInput({"type": "search"})
    )
    role = forms.ChoiceField(
        label=_("平台角色"),
        required=False,
        choices=[("", _("全部")), ("staff", _("平台工作人员")), *ROLES, ("none", _("普通用户"))],
    )
    state = forms.ChoiceField(
        label=_("账号"), required=False, choices=[("", _("全部")), ("open", _("使用中")), ("closed", _("已停用"))]
    )


class RegionForm(StyledFormMixin, forms.Form):
    """Where somebody works for the platform."""

    covers_city = forms.BooleanField(label=_("负责全市"), required=False)
    districts = TermsField(
        Vocabulary.DISTRICT,
        label=_("负责区市"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不负责全市时选择；只能看到和处理这些区市的企业、需求与对接。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            cleaned["duty"] = Duty.of(
                cleaned.get("role", ""), cleaned.get("covers_city", False), cleaned.get("districts", ())
            )
        return cleaned


class DutyForm(RegionForm):
    """The role of one person; `seen` is what the form was opened with."""

    field_order = ("role", "covers_city", "districts", "reason", "seen")
    role = forms.ChoiceField(
        label=_("平台角色"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", _("普通用户")), *ROLES],
        help_text=_("技术经纪人推进对接；审核员核验机构、审核需求与资源；管理员可使用全部管理功能。"),
    )
    reason = forms.CharField(label=_("调整原因"), required=False, max_length=LONGEST_REASON)
    seen = forms.CharField(widget=forms.HiddenInput)

    @classmethod
    def about(cls, person: User) -> "DutyForm":
        districts = [term.code for term in person.districts.all()]
        return cls(
            initial={
                "role": person.platform_role,
                "covers_city": person.covers_city,
                "districts": districts,
                "seen": state_of(person),
            }
        )


class PersonInviteForm(RegionForm):
    field_order = ("email", "role", "covers_city", "districts")
    email = forms.EmailField(label=_("邮箱"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("平台角色"), widget=forms.RadioSelect, choices=ROLES)


class ReasonForm(StyledFormMixin, forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=LONGEST_REASON)
