"""The catalogue: its filters, and what they mean."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Viewer
from apps.capabilities.models import Capability, CapabilityKind
from apps.capabilities.selectors import with_terms
from apps.core.forms import StyledFormMixin
from apps.core.mentions import mentioning
from apps.taxonomy.form_fields import ChainField, TermField, TermsReadTogether
from apps.taxonomy.models import Term, Vocabulary

TEXTS = ("title", "value", "description")
TRL_AT_LEAST = (("", _("不限成熟度")), (4, _("TRL 4 以上（实验室验证）")), (7, _("TRL 7 以上（可现场应用）")))


class CatalogueFilters(StyledFormMixin, TermsReadTogether):
    """GET parameters of the catalogue. What cannot be understood is left out, never an error."""

    q = forms.CharField(
        label=_("关键词"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("如：激光熔覆、冻干机")}),
    )
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部类别")), *CapabilityKind.choices])
    chain = ChainField(Vocabulary.INDUSTRY_CHAIN, label=_("产业链"), empty_label=_("全部产业链"))
    field = ChainField(Vocabulary.TECH_FIELD, label=_("技术领域"), empty_label=_("全部领域"))
    trl = forms.TypedChoiceField(label=_("成熟度"), required=False, choices=TRL_AT_LEAST, coerce=int, empty_value=None)
    district = TermField(Vocabulary.DISTRICT, label=_("区市"), empty_label=_("全部区市"))
    mode = TermField(Vocabulary.COOPERATION_MODE, label=_("合作方式"), empty_label=_("全部方式"))

    @property
    def chosen(self) -> dict[str, Any]:
        """The values that were understood and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def catalogue(viewer: Viewer, chosen: dict[str, Any]) -> QuerySet[Capability]:
    """Open capabilities that the viewer may see, as narrowed by `CatalogueFilters.chosen`, newest first."""
    found = narrowed(Capability.objects.open_to(viewer), {**chosen, "q": ""})
    if "q" in chosen:
        found = found.filter(pk__in=told_in_texts(narrowed(Capability.objects.all(), {"q": chosen["q"]})))
    return with_terms(found.order_by("-published_at", "-id"))


def told_in_texts(rows: QuerySet[Capability]) -> Any:
    """Ids of rows that are narrowed by words alone, as a query of its own.

    Asked together with who may see what, each row is gone to by an index, in no order: SQLite takes twice as long as
    for reading the table from its beginning.
    """
    return rows.order_by().values("pk")


def narrowed(found: QuerySet[Capability], chosen: dict[str, Any]) -> QuerySet[Capability]:
    """Those that fit what was chosen."""
    for word in str(chosen.get("q", "")).split():
        found = found.filter(_mentions(word))
    if "kind" in chosen:
        found = found.filter(kind=chosen["kind"])
    if chain := chosen.get("chain"):
        found = found.filter(pk__in=having("industries", Q(term__in=at_or_below("pk", chain.pk))))
    if field := chosen.get("field"):
        found = found.filter(_in_field(field))
    if "trl" in chosen:
        found = found.filter(trl__gte=chosen["trl"])
    if "district" in chosen:
        found = found.filter(
            Q(district=chosen["district"]) | Q(district=None, organisation__district=chosen["district"])
        )
    if "mode" in chosen:
        found = found.filter(cooperation_modes=chosen["mode"])
    return found


def _mentions(word: str) -> Q:
    """In what everybody may read: never in the owner's name, or a search would tell who is behind an anonymous row."""
    tagged = having("tags", Q(term__in=Term.objects.filter(mentioning(word, "name")).order_by().values("pk")))
    return mentioning(word, *TEXTS) | Q(pk__in=tagged)


def _in_field(field: Term) -> Q:
    """Named itself, or by a tag below it; a greater field takes in its smaller ones."""
    fields = at_or_below("pk", field.pk)
    tags = Q(term__in=fields) | Q(term__in=Term.objects.filter(parent__in=fields).values("pk"))
    return Q(pk__in=having("tech_fields", Q(term__in=fields))) | Q(pk__in=having("tags", tags))


def at_or_below(name: str, value: Any) -> Any:
    """Ids of the terms so named, by key or code, and of those right below them.

    A query of its own: the terms are few, and a database then takes their rows from the index and reads no others.
    """
    return Term.objects.filter(Q(**{name: value}) | Q(**{f"parent__{name}": value})).order_by().values("pk")


def having(name: str, condition: Q) -> Any:
    """Ids of capabilities with such a term in the list of that name; a subquery, so that no row comes twice."""
    through = getattr(Capability, name).through
    return through.objects.filter(condition).values("capability_id")
