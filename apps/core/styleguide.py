"""Sample values for the living style guide: every component, state and shape of field once."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator

from apps.core.forms import DayInput, StyledFormMixin

STATES = (
    ("draft", "草稿"),
    ("submitted", "待审核"),
    ("returned", "退回修改"),
    ("published", "已发布"),
    ("engaged", "对接中"),
    ("interested", "一方接受"),
    ("accepted", "双方接受"),
    ("declined", "婉拒"),
    ("timed_out", "超时"),
    ("reported", "待确认"),
    ("confirmed", "已确认"),
    ("closed", "已关闭"),
)
TERMS = ("激光熔覆", "耐磨涂层", "轧辊", "表面工程", "高端化工与新材料")

FACTS = (
    ("所属产业链", "高端化工与新材料"),
    ("拟投入资金", "10–50 万元"),
    ("有效期至", date(2027, 3, 31)),
    ("知识产权归属", ""),
)


class SampleForm(StyledFormMixin, forms.Form):
    title = forms.CharField(
        label="需求名称", max_length=60, help_text="一句话说清要解决什么，例如“轧辊表面耐磨涂层寿命偏短”。"
    )
    background = forms.CharField(
        label="背景与现状", max_length=1000, min_length=20, widget=forms.Textarea(attrs={"rows": 4})
    )
    chain = forms.ChoiceField(
        label="所属产业链", choices=[("", "请选择"), ("materials", "高端化工与新材料"), ("equipment", "智能装备")]
    )
    modes = forms.MultipleChoiceField(
        label="合作方式",
        choices=[("entrusted", "委托开发"), ("joint", "合作开发"), ("transfer", "技术转让"), ("advice", "技术咨询")],
        widget=forms.CheckboxSelectMultiple,
    )
    disclosure = forms.ChoiceField(
        label="公开范围",
        choices=[("anonymous", "公开（匿名）"), ("named", "公开（实名）"), ("members", "仅认证会员")],
        widget=forms.RadioSelect,
        initial="anonymous",
    )
    valid_until = forms.DateField(label="需求有效期至", widget=DayInput, required=False)
    attachment = forms.FileField(label="附件", required=False, help_text="pdf、docx、xlsx、jpg、png,单个不超过 20 MB。")
    nda = forms.BooleanField(label="需签保密协议", required=False)


def samples(query: Mapping[str, str]) -> dict[str, Any]:
    """The template's context; `?page=` turns the sample pages."""
    return {
        "states": STATES,
        "terms": TERMS,
        "scores": (92, 67.4, 31, 8),
        "facts": (
            ("所属产业链", "高端化工与新材料"),
            ("拟投入资金", "10–50 万元"),
            ("有效期至", date(2027, 3, 31)),
            ("知识产权归属", ""),
        ),
        "form": SampleForm(),
        "wrong_form": SampleForm({"title": "", "background": "太短", "disclosure": "named"}, auto_id="wrong_%s"),
        "page": Paginator(range(240), 20).get_page(query.get("page")),
    }
