"""The catalogue's filter as a saved search."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.capabilities.filters import CatalogueFilters, narrowed
from apps.capabilities.models import Capability
from apps.searches.lists import News, SearchableList, register_list


def _fitting(chosen: dict[str, Any], news: News) -> QuerySet[Capability]:
    fresh = Capability.objects.open().filter(published_at__gt=news.published_after, updated_at__gte=news.changed_since)
    return narrowed(fresh, chosen).order_by("-published_at", "-id")


def _found(user: User, chosen: dict[str, Any], news: News) -> QuerySet[Capability]:
    """What one's own organisation lists is no news to its people."""
    seen = Capability.objects.visible_to(user).exclude(organisation=organisation_of(user))
    return _fitting(chosen, news).filter(pk__in=seen.values("pk"))


register_list(
    SearchableList(
        key="capabilities.catalogue",
        label=_("创新资源"),
        url_name="capabilities:list",
        form=lambda given, _user: CatalogueFilters(dict(given)),
        found=_found,
        fitting_for_all=_fitting,
        page="capabilities:detail",
        title=lambda capability: capability.title,
    )
)
