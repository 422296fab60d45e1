"""The filter of the cases as a saved search: a case is called by its need."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.engagements.forms import EngagementFilter
from apps.engagements.models import Engagement
from apps.engagements.narrowing import narrowed
from apps.engagements.selectors import engagements_of
from apps.searches.lists import News, SearchableList, register_list


def _found(user: User, chosen: dict[str, Any], news: News) -> QuerySet[Engagement]:
    """Opened since; a case that comes to fit as time passes, because its day is past, is told as it changes."""
    fresh = engagements_of(user).filter(opened_at__gt=news.published_after, updated_at__gte=news.changed_since)
    return narrowed(fresh, user, chosen)


register_list(
    SearchableList(
        key="engagements.cases",
        label=_("对接"),
        url_name="engagements:list",
        form=lambda given, _user: EngagementFilter(dict(given)),
        found=_found,
        fitting_for_all=None,
        page="engagements:detail",
        title=lambda engagement: engagement.proposal.need.title,
    )
)
