"""The board: its filters, and what they mean."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Viewer
from apps.core.forms import StyledFormMixin
from apps.core.mentions import mentioning
from apps.needs.models import Need
from apps.needs.selectors import with_terms
from apps.taxonomy.form_fields import ChainField, TermField, TermsReadTogether
from apps.taxonomy.models import Term, Vocabulary

NEWEST, EXPIRING = "newest", "expiring"
TEXTS = ("title", "goal", "background")
ORDER = {NEWEST: ("-published_at", "-id"), EXPIRING: ("valid_until", "id")}


class BoardFilters(StyledFormMixin, TermsReadTogether):
    """GET parameters of the board. What cannot be understood is left out, never an error."""

    q = forms.CharField(
        label=_("关键词"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("如：激光熔覆、废水")}),
    )
    chain = ChainField(Vocabulary.INDUSTRY_CHAIN, label=_("产业链"), empty_label=_("全部产业链"))
    type = TermField(Vocabulary.NEED_TYPE, label=_("需求类型"), empty_label=_("全部类型"))
    district = TermField(Vocabulary.DISTRICT, label=_("区市"), empty_label=_("全部区市"))
    mode = TermField(Vocabulary.COOPERATION_MODE, label=_("合作方式"), empty_label=_("全部方式"))
    sort = forms.ChoiceField(
        label=_("排序"), required=False, choices=[(NEWEST, _("最新发布")), (EXPIRING, _("即将到期"))]
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """The values that were understood and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def narrows(self) -> bool:
        return bool(self.chosen.keys() - {"sort"})


def board_needs(viewer: Viewer, chosen: dict[str, Any]) -> QuerySet[Need]:
    """Open needs that the viewer may see, as narrowed and ordered by `BoardFilters.chosen`."""
    return with_terms(narrowed(Need.objects.open_to(viewer), chosen).order_by(*_order(chosen)))


def _order(chosen: dict[str, Any]) -> tuple[str, ...]:
    return ORDER[chosen.get("sort", NEWEST)]


def narrowed(needs: QuerySet[Need], chosen: dict[str, Any]) -> QuerySet[Need]:
    """Those that fit what was chosen."""
    for word in str(chosen.get("q", "")).split():
        needs = needs.filter(_mentions(word))
    if chain := chosen.get("chain"):
        needs = needs.filter(Q(industry_chain=chain) | Q(industry_chain__parent=chain))
    if "type" in chosen:
        needs = needs.filter(need_type=chosen["type"])
    if "district" in chosen:
        needs = needs.filter(organisation__district=chosen["district"])
    if "mode" in chosen:
        needs = needs.filter(cooperation_modes=chosen["mode"])
    return needs


def _mentions(word: str) -> Q:
    """In what everybody may read: never in the owner's name, or a search would tell who is behind a need."""
    tagged = Term.objects.filter(mentioning(word, "name"), vocabulary=Vocabulary.TAG)
    tags = Need.tags.through.objects.filter(term__in=tagged).values("need_id")
    return mentioning(word, *TEXTS) | Q(pk__in=tags)
