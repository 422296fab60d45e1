"""The need form, its filters and its small companions. Drafts may hold anything; `validators` say what is missing."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.core.form_fields import TextField
from apps.core.forms import DayInput, StyledFormMixin
from apps.needs.content import COLUMNS, TERM_LISTS
from apps.needs.file_kinds import ACCEPTED_SUFFIXES
from apps.needs.models import (
    LONGEST_VALIDITY,
    MOST_TAGS,
    AttachmentVisibility,
    BudgetBand,
    Need,
    default_valid_until,
)
from apps.taxonomy.form_fields import ChainField, TermField, TermsField
from apps.taxonomy.models import Term, Vocabulary


def _text(name: str, **options: Any) -> TextField:
    return TextField(Need._meta.get_field(name), **options)


LEVELS = [("", _("暂不填写")), *((level, f"TRL {level}") for level in range(1, 10))]


class NeedForm(StyledFormMixin, forms.Form):
    """Page one, then the optional page two. Valid means storable; what is missing to publish is another matter."""

    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput())
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())

    title = _text("title", help_text=_("一句话说清要解决什么，如“轧辊表面耐磨涂层寿命偏短”。"))
    need_type = TermField(Vocabulary.NEED_TYPE, label=_("需求类型"), widget=forms.RadioSelect(), empty_label=None)
    background = _text("background", rows=4, help_text=_("现在怎么做、用什么设备和材料、卡在哪里。至少 20 字。"))
    goal = _text("goal", rows=5, help_text=_("希望达到什么效果、数值是多少。写得越具体，匹配越准。至少 20 字。"))
    tags = TermsField(Vocabulary.TAG, label=_("标签"))
    tech_fields = TermsField(Vocabulary.TECH_FIELD, label=_("技术领域"))
    industry_chain = ChainField(Vocabulary.INDUSTRY_CHAIN, label=_("所属产业链"), empty_label=_("请选择"))
    cooperation_modes = TermsField(
        Vocabulary.COOPERATION_MODE, label=_("合作方式"), widget=forms.CheckboxSelectMultiple()
    )
    budget_band = forms.ChoiceField(
        label=_("拟投入资金"), required=False, choices=BudgetBand.choices, initial=BudgetBand.NEGOTIABLE
    )
    valid_until = forms.DateField(
        label=_("需求有效期至"), required=False, widget=DayInput(), initial=default_valid_until
    )
    disclosure = forms.ChoiceField(
        label=_("公开范围"),
        required=False,
        choices=Disclosure.choices,
        initial=Disclosure.PUBLIC_ANONYMOUS,
        widget=forms.RadioSelect(),
        help_text=_("匿名公开时，只展示需求内容，不展示贵单位的名称和联系方式。"),
    )
    contact = forms.ModelChoiceField(
        User.objects.none(),
        label=_("联系人"),
        required=False,
        empty_label=None,
        help_text=_("双方都接受推荐之后，对方才能看到联系方式。"),
        error_messages={"invalid_choice": _("联系人须是本单位的成员。")},
    )

    budget_wan = forms.DecimalField(
        label=_("具体金额（万元）"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("仅本单位与平台工作人员可见。"),
    )
    expected_months = forms.IntegerField(
        label=_("期望完成时限（月）"),
        required=False,
        min_value=1,
        max_value=36,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("1 至 36 个月。"),
    )
    trl_now = forms.TypedChoiceField(
        label=_("当前成熟度"), required=False, choices=LEVELS, coerce=int, empty_value=None
    )
    trl_target = forms.TypedChoiceField(
        label=_("目标成熟度"), required=False, choices=LEVELS, coerce=int, empty_value=None
    )
    tried = _text("tried", rows=3, help_text=_("试过哪些办法、效果如何，避免对方重复推荐。"))
    unwanted = _text("unwanted", rows=2, help_text=_("如“不接受更换主机”“不用含氰工艺”。"))
    partner_requirements = _text("partner_requirements", rows=2)
    partner_region = _text("partner_region", help_text=_("如“青岛市内优先”，不限可不填。"))
    ip_terms = TermField(Vocabulary.IP_TERMS, label=_("知识产权归属"), empty_label=_("暂不填写"))
    nda_required = forms.BooleanField(label=_("对方须先签保密协议"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        contact = self.fields["contact"]
        contact.queryset = _members(organisation)  # type: ignore[attr-defined]  # a ModelChoiceField
        today = clock.today()
        self.fields["valid_until"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + LONGEST_VALIDITY).isoformat(),
        }
        for name in ("title", "background", "goal"):
            self.fields[name].widget.attrs["data-suggests"] = ""

    def clean_tags(self) -> list[Term]:
        tags: list[Term] = self.cleaned_data["tags"]
        if len(tags) > MOST_TAGS:
            raise ValidationError(_("标签最多 %(most)d 个，请去掉几个。"), params={"most": MOST_TAGS})
        return tags

    def clean_contact(self) -> User | None:
        """A page that is sent without a contact keeps the one it had."""
        contact: User | None = self.cleaned_data["contact"]
        return contact or self.initial.get("contact")

    @property
    def chosen_terms(self) -> list[tuple[str, Term]]:
        """Tags and technical fields as the page shows them: what was sent, or what is stored."""
        return [(name, term) for name in ("tags", "tech_fields") for term in self._terms_of(name)]

    def _terms_of(self, name: str) -> list[Term]:
        value = self[name].value() or []
        given = [term for term in value if isinstance(term, Term)]
        codes = [str(code) for code in value if not isinstance(code, Term) and "\x00" not in str(code)]
        field = cast("TermsField", self.fields[name])
        return given or list(field.queryset.filter(code__in=codes) if field.queryset is not None else [])


def initial_of(need: Need) -> dict[str, Any]:
    """What the form shows of a stored need."""
    shown: dict[str, Any] = {name: getattr(need, name) for name in COLUMNS}
    shown |= {name: list(getattr(need, name).all()) for name in TERM_LISTS}
    return shown | {"form_key": need.form_key, "version": need.version}


class AttachmentForm(StyledFormMixin, forms.Form):
    upload = forms.FileField(
        label=_("选择文件"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED_SUFFIXES}),
        allow_empty_file=True,  # the service says it in its own words
        error_messages={"required": _("请先选择文件。")},
        help_text=_("pdf、docx、xlsx、jpg、png，每个不超过 20 MB，最多 10 个。"),
    )
    visibility = forms.ChoiceField(
        label=_("谁能看到"), choices=AttachmentVisibility.choices, initial=AttachmentVisibility.AFTER_ACCEPTANCE
    )


def _members(organisation: Organisation) -> QuerySet[User]:
    return User.objects.filter(membership__organisation=organisation, is_active=True).order_by("name", "id")
