"""Forms of the matching pages."""

from functools import cached_property, partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability, CapabilityState
from apps.core.forms import DayInput, LongSelect, StyledFormMixin
from apps.core.validators import validate_text
from apps.matching.models import Proposal, RematchScope
from apps.matching.rematches.targets import Target
from apps.taxonomy.models import Term, Vocabulary
from apps.taxonomy.selectors import terms


class DeclineForm(StyledFormMixin, forms.Form):
    """The reason why one side says no."""

    reason = forms.ModelChoiceField(
        label=_("婉拒原因"),
        queryset=Term.objects.none(),
        to_field_name="code",
        empty_label=_("请选择"),
        error_messages={
            "required": _("请选择一个原因，帮助我们下次推荐得更准。"),
            "invalid_choice": _("请从列表中选择原因。"),
        },
    )
    note = forms.CharField(
        label=_("补充说明"),
        required=False,
        max_length=300,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 2}),
        help_text=_("选填。对方只会看到婉拒原因，补充说明仅本单位和平台工作人员可见。"),
    )

    def __init__(self, data: Any = None, *, proposal: Proposal) -> None:
        super().__init__(data, auto_id=f"decline_{proposal.public_id}_%s")
        self.fields["reason"].queryset = terms(Vocabulary.DECLINE_REASON)  # type: ignore[attr-defined]  # a choice of rows


class RematchForm(StyledFormMixin, forms.Form):
    """What is to be matched anew; `target()` once it is valid."""

    what = forms.ChoiceField(label=_("匹配范围"))
    since = forms.DateField(
        label=_("起始日期"),
        required=False,
        widget=DayInput,
        help_text=_("只在选择“某日以来发布的需求”时填写。"),
        error_messages={"invalid": _("请填写日期，例如 2026-03-01。")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self._terms = {
            RematchScope.CHAIN: {term.code: term for term in terms(Vocabulary.INDUSTRY_CHAIN)},
            RematchScope.DISTRICT: {term.code: term for term in terms(Vocabulary.DISTRICT)},
        }
        whole = (RematchScope.NEEDS, RematchScope.SINCE, RematchScope.CAPABILITIES)
        self.fields["what"].choices = [  # type: ignore[attr-defined]  # a choice
            *((scope.value, scope.label) for scope in whole),
            *(
                (scope.label, [(f"{scope.value}:{code}", str(term)) for code, term in found.items()])
                for scope, found in self._terms.items()
            ),
        ]

    def clean(self) -> None:
        if self.cleaned_data.get("what") != RematchScope.SINCE or "since" in self.errors:
            return
        if self.cleaned_data.get("since") is None:
            self.add_error("since", _("请填写起始日期。"))

    def target(self) -> Target:
        scope, _colon, code = self.cleaned_data["what"].partition(":")
        term = self._terms[RematchScope(scope)][code] if code else None
        return Target(
            RematchScope(scope),
            chain=term if scope == RematchScope.CHAIN else None,
            district=term if scope == RematchScope.DISTRICT else None,
            since=self.cleaned_data["since"] if scope == RematchScope.SINCE else None,
        )


class FittingFilter(StyledFormMixin, forms.Form):
    """Filters of the list of fitting needs; what is not among the choices filters nothing."""

    capability = forms.ModelChoiceField(
        label=_("我的资源"),
        queryset=Capability.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("全部资源"),
        widget=LongSelect,
    )
    need_type = forms.ModelChoiceField(
        label=_("需求类型"),
        queryset=Term.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("全部类型"),
    )
    chain = forms.ModelChoiceField(
        label=_("产业链"),
        queryset=Term.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("全部产业链"),
    )

    def __init__(self, data: Any = None, *, organisation: Organisation | None) -> None:
        super().__init__(data)
        offered: dict[str, Any] = {
            "capability": Capability.objects.filter(organisation=organisation, state=CapabilityState.PUBLISHED),
            "need_type": terms(Vocabulary.NEED_TYPE),
            "chain": terms(Vocabulary.INDUSTRY_CHAIN),
        }
        for name, queryset in offered.items():
            field: Any = self.fields[name]
            field.queryset = queryset
            field.choices = partial(self._choices, name)

    def _choices(self, name: str) -> list[tuple[str, str]]:
        """Read when the form is shown: of hundreds of resources the titles, of terms both vocabularies at once."""
        field: Any = self.fields[name]
        if name == "capability":
            found = self._titles
        else:
            vocabulary = Vocabulary.NEED_TYPE if name == "need_type" else Vocabulary.INDUSTRY_CHAIN
            found = [(term.code, str(term)) for term in self._terms if term.vocabulary == vocabulary]
        return [("", field.empty_label), *found]

    @cached_property
    def _titles(self) -> list[tuple[str, str]]:
        field: Any = self.fields["capability"]
        return list(field.queryset.values_list("public_id", "title"))

    @cached_property
    def _terms(self) -> list[Term]:
        either = (Vocabulary.NEED_TYPE, Vocabulary.INDUSTRY_CHAIN)
        return list(Term.objects.filter(vocabulary__in=either, is_active=True))

    def conditions(self) -> dict[str, Any]:
        """Lookups on Proposal for the filters that were chosen and are valid."""
        self.is_valid()
        columns = {"capability": "capability", "need_type": "need__need_type", "chain": "need__industry_chain"}
        return {columns[name]: value for name, value in self.cleaned_data.items() if value is not None}
