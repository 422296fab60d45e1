"""Which report, and when to be told of it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core import clock
from apps.core.forms import StyledFormMixin
from apps.stats.report.models import month_before
from apps.stats.report.services import regions_of
from apps.taxonomy.models import Term

MOST_MONTHS = 36
CITY = "city"


class RegionForm(StyledFormMixin, forms.Form):
    """The city where the person covers it, and their districts."""

    region = forms.ChoiceField(label=gettext_lazy("区市"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        has_city, districts = regions_of(user)
        self._districts = {district.code: district for district in districts}
        named = [(code, str(district)) for code, district in self._districts.items()]
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)  # noqa: S101  (tells the type checker)
        region.choices = [*([(CITY, _("全市"))] if has_city else []), *named]

    @property
    def district(self) -> Term | None:
        return self._districts.get(self.cleaned_data["region"])


def last_months() -> list[date]:
    months = [month_before(clock.today())]
    while len(months) < MOST_MONTHS:
        months.append(month_before(months[-1]))
    return months


class ReportForm(RegionForm):
    month = forms.TypedChoiceField(label=gettext_lazy("月份"), coerce=date.fromisoformat)
    field_order = ("month", "region")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        month = self.fields["month"]
        assert isinstance(month, forms.TypedChoiceField)  # noqa: S101  (tells the type checker)
        month.choices = [(day.isoformat(), f"{day:%Y-%m}") for day in last_months()]


class SubscriptionForm(RegionForm):
    day = forms.IntegerField(
        label=gettext_lazy("每月几日"),
        min_value=1,
        max_value=28,
        initial=5,
        help_text=gettext_lazy("1 到 28。届时编制上个月的月报，编好后通知您。"),
    )
    field_order = ("region", "day")
