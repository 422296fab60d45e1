"""The filter of 适合我的需求 as a saved search: news are needs, each once, whichever capability they fit."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.matching.forms import FittingFilter
from apps.matching.selectors import needs_that_fit
from apps.needs.models import Need
from apps.searches.lists import News, SearchableList, register_list

COLUMNS = {"capability": "capability", "need_type": "need__need_type", "chain": "need__industry_chain"}


def _found(user: User, chosen: dict[str, Any], news: News) -> QuerySet[Need]:
    """Needs that were first proposed to the person's organisation since the search was saved."""
    fitting = needs_that_fit(user).filter(**{COLUMNS[name]: value for name, value in chosen.items()})
    proposed = fitting.filter(proposed_at__gt=news.published_after).order_by()
    known = fitting.filter(proposed_at__lte=news.published_after).order_by()
    rows = Need.objects.filter(pk__in=proposed.values("need")).exclude(pk__in=known.values("need"))
    return rows.order_by("-published_at", "-id")


register_list(
    SearchableList(
        key="matching.fitting",
        label=_("适合我的需求"),
        url_name="matching:needs_for_me",
        form=lambda given, user: FittingFilter(dict(given), organisation=organisation_of(user)),
        found=_found,
        fitting_for_all=None,
        page="needs:detail",
        title=lambda need: need.title,
    )
)
