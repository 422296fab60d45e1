"""The form of the conditions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import CapabilityKind
from apps.core.forms import StyledFormMixin
from apps.matching.lookup.conditions import Conditions
from apps.taxonomy.form_fields import NOT_OFFERED, TermsField
from apps.taxonomy.models import Vocabulary


class LookupForm(StyledFormMixin, forms.Form):
    """GET parameters, several of each. What is not on the lists is an error: to leave it out would widen the search."""

    kind = forms.MultipleChoiceField(
        label=_("资源类别"),
        required=False,
        choices=CapabilityKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    mode = TermsField(Vocabulary.COOPERATION_MODE, label=_("合作方式"), widget=forms.CheckboxSelectMultiple)
    district = TermsField(Vocabulary.DISTRICT, label=_("所在区市"), widget=forms.CheckboxSelectMultiple)

    @property
    def chosen(self) -> list[str]:
        """The names of what was chosen, once it is valid."""
        given: dict[str, Any] = self.cleaned_data
        kinds = [str(CapabilityKind(kind).label) for kind in given["kind"]]
        return [*kinds, *map(str, given["mode"]), *map(str, given["district"])]

    def conditions(self) -> Conditions:
        """Once it is valid."""
        given: dict[str, Any] = self.cleaned_data
        return Conditions.of(
            kinds=given["kind"],
            modes=[term.code for term in given["mode"]],
            districts=[term.code for term in given["district"]],
        )
