"""Forms of the cloud R&D centres: opening one, keeping it up to date, and leafing through the city's."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import CloudCentre
from apps.accounts.services.centres import COLUMNS
from apps.core.forms import StyledFormMixin
from apps.core.mentions import mentioning

TEXTS = ("organisation__name", "products")


class OpeningForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """Four fields, one minute; the rest can wait."""

    class Meta:
        model = CloudCentre
        fields: tuple[str, ...] = ("industry_chain", "products", "equipment", "research_staff")
        widgets = {
            "products": forms.TextInput(attrs={"placeholder": _("如：离心泵、潜水泵")}),
            "equipment": forms.TextInput(attrs={"placeholder": _("如：数控车床 12 台，激光熔覆产线 1 条")}),
            "research_staff": forms.NumberInput(attrs={"min": 0, "inputmode": "numeric"}),
            "directions": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {"directions": _("最近在研究什么、今后想突破什么。写得越具体，推荐越准。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_chains(self.fields["industry_chain"])
        self.fields["industry_chain"].empty_label = _("请选择")  # type: ignore[attr-defined]  # a choice of rows

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}


class CentreForm(OpeningForm):
    """All that a centre says. `seen` is the revision that was on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    class Meta(OpeningForm.Meta):
        fields = COLUMNS


def offer_chains(field: Any) -> None:
    field.queryset = field.queryset.filter(is_active=True)


class CentreFilters(StyledFormMixin, forms.Form):
    """GET parameters of the list. What cannot be understood is left out, never an error."""

    q = forms.CharField(
        label=_("关键词"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("企业名称或主要产品")}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        # the vocabularies belong to another app, which the columns of the model know
        for name, column, everything in (
            ("chain", CloudCentre._meta.get_field("industry_chain"), _("全部产业链")),
            ("district", _district_column(), _("全部区市")),
        ):
            field: Any = column.formfield(required=False, to_field_name="code", empty_label=everything)
            # a form of a model would keep to the column's vocabulary by itself
            field.queryset = field.queryset.complex_filter(field.get_limit_choices_to()).filter(is_active=True)
            self.fields[name] = field

    @property
    def chosen(self) -> dict[str, Any]:
        """The values that were understood and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, centres: QuerySet[CloudCentre]) -> QuerySet[CloudCentre]:
        chosen = self.chosen
        for word in chosen.get("q", "").split():
            centres = centres.filter(mentioning(word, *TEXTS))
        if chain := chosen.get("chain"):
            centres = centres.filter(Q(industry_chain=chain) | Q(industry_chain__parent=chain))
        if district := chosen.get("district"):
            centres = centres.filter(organisation__district=district)
        return centres


def _district_column() -> Any:
    return CloudCentre._meta.get_field("organisation").related_model._meta.get_field("district")
