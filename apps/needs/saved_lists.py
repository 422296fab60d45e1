"""The board's filter as a saved search."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.needs.filters import BoardFilters, narrowed
from apps.needs.models import Need
from apps.searches.lists import News, SearchableList, register_list


def _fitting(chosen: dict[str, Any], news: News) -> QuerySet[Need]:
    fresh = Need.objects.open().filter(published_at__gt=news.published_after, updated_at__gte=news.changed_since)
    return narrowed(fresh, chosen).order_by("-published_at", "-id")


def _found(user: User, chosen: dict[str, Any], news: News) -> QuerySet[Need]:
    """What one's own organisation posts is no news to its people."""
    seen = Need.objects.visible_to(user).exclude(organisation=organisation_of(user))
    return _fitting(chosen, news).filter(pk__in=seen.values("pk"))


register_list(
    SearchableList(
        key="needs.board",
        label=_("需求大厅"),
        url_name="needs:board",
        form=lambda given, _user: BoardFilters(dict(given)),
        found=_found,
        fitting_for_all=_fitting,
        page="needs:detail",
        title=lambda need: need.title,
    )
)
