"""The filter of the success stories as a saved search."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.switches import is_on
from apps.followups.forms.stories import StoryFilters, narrowed
from apps.followups.models import Story
from apps.followups.selectors import published_stories
from apps.searches.lists import News, SearchableList, register_list


def _fitting(chosen: dict[str, Any], news: News) -> QuerySet[Story]:
    """Published since, a second time included. None while stories are turned off."""
    if not is_on("stories"):
        return Story.objects.none()
    fresh = published_stories().filter(published_at__gt=news.published_after, updated_at__gte=news.changed_since)
    return narrowed(fresh, chosen)


def _found(user: User, chosen: dict[str, Any], news: News) -> QuerySet[Story]:
    """One's own stories are no news: both sides agreed to each word."""
    return _fitting(chosen, news).exclude(pk__in=Story.objects.of(user).values("pk"))


register_list(
    SearchableList(
        key="followups.stories",
        label=_("成功案例"),
        url_name="stories:list",
        form=lambda given, _user: StoryFilters(dict(given)),
        found=_found,
        fitting_for_all=_fitting,
        page="stories:detail",
        title=lambda story: story.title,
    )
)
