"""Writing a story, and looking for one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.followups.models import TEXTS, Story
from apps.followups.selectors import published_stories
from apps.taxonomy.form_fields import ChainField, TermField, TermsReadTogether
from apps.taxonomy.models import Vocabulary


class StoryForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """`shows_own_name` is asked of the two sides only: a broker names neither."""

    seen = forms.IntegerField(required=False, min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)
    shows_own_name = forms.BooleanField(
        label=_("公开我方单位名称"),
        required=False,
        help_text=_("不勾选则以“一家企业”“一所高校”这样的说法出现。对方是否公开名称由对方决定。"),
    )
    picture = forms.FileField(
        label=_("图片"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png"}),
        help_text=_("jpg 或 png，可不传。会重新生成图片，照片里的拍摄地点等信息不会保留。"),
    )
    remove_picture = forms.BooleanField(label=_("去掉现在的图片"), required=False)

    class Meta:
        model = Story
        fields = TEXTS
        help_texts = {
            "title": _("例如“换用激光熔覆，轧辊寿命提高一倍多”。"),
            "summary": _("列表里显示的一句话。"),
            "problem": _("企业当时遇到了什么，为什么难。"),
            "approach": _("双方怎么做的。"),
            "result": _("现场有了什么变化，尽量用数字说话。"),
            "quote": _("企业或团队说的一句话，可不填。"),
            "quote_by": _("例如“生产负责人”。"),
        }
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "problem": forms.Textarea(attrs={"rows": 4}),
            "approach": forms.Textarea(attrs={"rows": 5}),
            "result": forms.Textarea(attrs={"rows": 4}),
            "quote": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, asks_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.version
        if not asks_name:
            del self.fields["shows_own_name"]
        if not self.instance.picture:
            del self.fields["remove_picture"]

    def columns(self) -> dict[str, Any]:
        """As the services take them."""
        names = (*TEXTS, "shows_own_name", "picture", "remove_picture")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class StoryFilters(StyledFormMixin, TermsReadTogether):
    """GET parameters of the list. What cannot be understood is left out, never an error."""

    chain = ChainField(Vocabulary.INDUSTRY_CHAIN, label=_("产业链"), empty_label=_("全部产业链"))
    outcome = TermField(Vocabulary.OUTCOME_TYPE, label=_("成效类型"), empty_label=_("全部成效"))
    district = TermField(Vocabulary.DISTRICT, label=_("区市"), empty_label=_("全部区市"))

    @property
    def chosen(self) -> dict[str, Any]:
        """The values that were understood and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self) -> QuerySet[Story]:
        return narrowed(published_stories(), self.chosen)


def narrowed(rows: QuerySet[Story], chosen: Mapping[str, Any]) -> QuerySet[Story]:
    """By what the pages show themselves; there is no search in words, and none in names."""
    need = "outcome__engagement__proposal__need__"
    if chain := chosen.get("chain"):
        rows = rows.filter(Q(**{f"{need}industry_chain": chain}) | Q(**{f"{need}industry_chain__parent": chain}))
    if "outcome" in chosen:
        rows = rows.filter(outcome__outcome_type=chosen["outcome"])
    if "district" in chosen:
        rows = rows.filter(**{f"{need}organisation__district": chosen["district"]})
    return rows
