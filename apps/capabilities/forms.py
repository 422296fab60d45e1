"""The capability form. Drafts may hold anything; `validators` say what is missing."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.content import COLUMNS, TERM_LISTS
from apps.capabilities.kinds import DETAILS, KINDS_WITH_TRL
from apps.capabilities.models import (
    MOST_TAGS,
    Capability,
    CapabilityIndicator,
    CapabilityKind,
    default_valid_until,
)
from apps.core import clock
from apps.core.form_fields import TextField
from apps.core.forms import DayInput, StyledFormMixin
from apps.core.indicator_forms import COLUMNS as INDICATOR_COLUMNS
from apps.core.indicator_forms import IndicatorFormBase
from apps.taxonomy.form_fields import ChainField, TermField, TermsField
from apps.taxonomy.models import Term, Vocabulary

LEVELS = [
    ("", _("请选择")),
    (1, _("TRL 1 · 基本原理清晰")),
    (2, _("TRL 2 · 技术概念和应用设想明确")),
    (3, _("TRL 3 · 可行性论证通过")),
    (4, _("TRL 4 · 实验室环境验证")),
    (5, _("TRL 5 · 模拟环境部件验证")),
    (6, _("TRL 6 · 模拟环境原型验证")),
    (7, _("TRL 7 · 使用环境原型验证")),
    (8, _("TRL 8 · 实际系统通过试验")),
    (9, _("TRL 9 · 实际系统成功应用、可批量")),
]
TITLE_HINTS = {
    CapabilityKind.RESULT: _("写清是什么技术、用在哪里，如“轧辊激光熔覆耐磨涂层制备技术”。"),
    CapabilityKind.EXPERT: _("写清擅长的方向，如“载重轮胎配方与低滞后胎面专家”。"),
    CapabilityKind.LABORATORY: _("实验室的正式名称，可带上方向。"),
    CapabilityKind.INSTRUMENT: _("仪器名称和主要用途，如“高温拉伸试验机（室温至 1100 ℃）”。"),
    CapabilityKind.PILOT_BASE: _("写清能中试什么，如“水性涂料 500 升中试线”。"),
    CapabilityKind.SERVICE_TEAM: _("写清能提供什么服务，如“热处理工艺诊断与改进团队”。"),
}


class CapabilityForm(StyledFormMixin, forms.Form):
    """Common fields, and those of one kind. Valid means storable; what is missing to publish is another matter."""

    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput())
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())
    title = TextField(Capability._meta.get_field("title"))
    value = TextField(
        Capability._meta.get_field("value"),
        help_text=_("企业最关心它能带来什么，最好有数字，如“模具寿命提高一倍以上”。"),
    )
    description = TextField(
        Capability._meta.get_field("description"),
        rows=6,
        help_text=_("原理、适用对象、能达到的指标、已有应用。写得越具体，匹配越准。"),
    )
    tags = TermsField(Vocabulary.TAG, label=_("标签"))
    tech_fields = TermsField(Vocabulary.TECH_FIELD, label=_("技术领域"))
    industries = TermsField(Vocabulary.INDUSTRY_CHAIN, label=_("应用产业"))
    cooperation_modes = TermsField(
        Vocabulary.COOPERATION_MODE, label=_("合作方式"), widget=forms.CheckboxSelectMultiple()
    )
    disclosure = forms.ChoiceField(
        label=_("公开范围"),
        required=False,
        choices=Disclosure.choices,
        initial=Disclosure.PUBLIC_NAMED,
        widget=forms.RadioSelect(),
        help_text=_("匿名公开时，只展示资源内容，不展示贵单位的名称和人员。"),
    )
    trl = forms.TypedChoiceField(label=_("成熟度"), required=False, choices=LEVELS, coerce=int, empty_value=None)
    district = TermField(Vocabulary.DISTRICT, label=_("所在区市"), empty_label=_("与单位相同"))
    valid_until = forms.DateField(
        label=_("有效期至"),
        required=False,
        widget=DayInput(),
        initial=default_valid_until,
        help_text=_("到期前会请您确认是否仍有效。"),
    )
    contact = forms.ModelChoiceField(
        User.objects.none(),
        label=_("联系人"),
        required=False,
        empty_label=None,
        help_text=_("双方都接受推荐之后，对方才能看到联系方式。"),
    )
    # No part of the content: the select from which industries are added to their list.
    industry = ChainField(Vocabulary.INDUSTRY_CHAIN, label=_("添加应用产业"), empty_label=_("选择一个产业加入…"))

    def __init__(self, *args: Any, kind: str, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = CapabilityKind(kind)
        for detail in DETAILS[self.kind]:
            self.fields[detail.key] = detail.form_field()
        if self.kind not in KINDS_WITH_TRL:
            del self.fields["trl"]
        self.fields["industry"].widget.attrs["data-adds"] = "industries"
        self.fields["title"].help_text = TITLE_HINTS[self.kind]
        contact = self.fields["contact"]
        contact.queryset = _members(organisation)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["valid_until"].widget.attrs["min"] = clock.today().isoformat()
        for name in ("title", "value", "description"):
            self.fields[name].widget.attrs["data-suggests"] = ""

    def clean_tags(self) -> list[Term]:
        tags = list(self.cleaned_data["tags"])
        if len(tags) > MOST_TAGS:
            raise ValidationError(_("标签最多 %(most)d 个，请去掉几个。"), params={"most": MOST_TAGS})
        return tags

    def clean_contact(self) -> User | None:
        """A page that is sent without a contact keeps the one it had."""
        contact: User | None = self.cleaned_data["contact"]
        return contact or self.initial.get("contact")

    @property
    def columns(self) -> list[str]:
        """Names of the fields that are content, details apart."""
        return [name for name in (*COLUMNS, *TERM_LISTS) if name in self.fields]

    @property
    def detail_keys(self) -> list[str]:
        return [detail.key for detail in DETAILS[self.kind]]

    @property
    def required_details(self) -> list[forms.BoundField]:
        """The fields of this kind that publishing asks for: they stand on page one."""
        return [self[detail.key] for detail in DETAILS[self.kind] if detail.required]

    @property
    def further_details(self) -> list[forms.BoundField]:
        return [self[detail.key] for detail in DETAILS[self.kind] if not detail.required]

    def terms_shown(self, name: str) -> list[Term]:
        """The terms of a list as the page shows them: what was sent, or what is stored."""
        value = self[name].value() or []
        given = [term for term in value if isinstance(term, Term)]
        codes = [str(code) for code in value if not isinstance(code, Term) and "\x00" not in str(code)]
        field = cast("TermsField", self.fields[name])
        return given or list(field.queryset.filter(code__in=codes) if field.queryset is not None else [])

    @property
    def chosen_terms(self) -> list[tuple[str, Term]]:
        return [(name, term) for name in ("tags", "tech_fields") for term in self.terms_shown(name)]

    @property
    def chosen_industries(self) -> list[tuple[str, Term]]:
        return [("industries", term) for term in self.terms_shown("industries")]


class CapabilityIndicatorForm(IndicatorFormBase):
    class Meta:
        model = CapabilityIndicator
        fields = INDICATOR_COLUMNS


def initial_of(capability: Capability) -> dict[str, Any]:
    """What the form shows of a stored capability."""
    shown: dict[str, Any] = {name: getattr(capability, name) for name in COLUMNS if name != "details"}
    shown |= {name: list(getattr(capability, name).all()) for name in TERM_LISTS}
    return {**shown, **capability.details, "form_key": capability.form_key, "version": capability.version}


def _members(organisation: Organisation) -> QuerySet[User]:
    return User.objects.filter(membership__organisation=organisation, is_active=True).order_by("name", "id")
