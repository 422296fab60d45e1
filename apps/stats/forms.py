"""The filter of the statistics pages."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.forms import DayInput, StyledFormMixin
from apps.stats.periods import DEFAULT_PRESET, Period

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


def _day(label: Any) -> forms.DateField:
    limits = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
    return forms.DateField(label=label, required=False, widget=DayInput, validators=limits)


class PeriodForm(StyledFormMixin, forms.Form):
    """An empty first day means from the beginning, an empty last day until today."""

    since = _day(_("从"))
    until = _day(_("到"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("结束日期不能早于开始日期。"))
        return cleaned


def read_period(query: QueryDict) -> tuple[PeriodForm, Period]:
    """The form as it was sent, and the period that counts: the usual one where nothing or nonsense was sent."""
    today = clock.today()
    usual = DEFAULT_PRESET(today)
    sent = "since" in query or "until" in query
    form = PeriodForm(query if sent else {"since": usual.first, "until": usual.last})
    if not form.is_valid():
        return form, usual
    first = form.cleaned_data["since"] or EARLIEST
    return form, Period(first, form.cleaned_data["until"] or max(first, today))
