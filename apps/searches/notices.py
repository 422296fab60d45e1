"""What people are told of their saved searches."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import Kind, register
from apps.notifications.services import notify
from apps.searches.lists import SearchableList
from apps.searches.models import SavedSearch

register(
    Kind("searches.found_one", _("“%(search)s”有新内容：%(title)s"), _("符合您保存的筛选，刚刚发布。")),
    Kind("searches.found_many", _("“%(search)s”有 %(count)d 项新内容"), _("最新的一项：%(title)s。")),
    Kind(
        "searches.invalid",
        _("订阅“%(search)s”需要调整"),
        _("有筛选条件已经不可选，暂时不能为您留意。请重新选择后保存。"),
    ),
)


def tell_of_news(search: SavedSearch, source: SearchableList, newest: Any, count: int) -> None:
    """One new row leads to its page, several to the list. The newest names the event: it is told once."""
    is_one = count == 1
    notify(
        event_key=f"search:{search.public_id}:{newest.pk}",
        topic="searches",
        recipients=[search.owner],
        kind="searches.found_one" if is_one else "searches.found_many",
        params={"search": search.name, "title": source.title(newest), "count": count},
        url_name=source.page if is_one else "searches:open",
        url_args=[newest.public_id] if is_one else [search.public_id],
        by_name=True,  # they asked for it themselves: at once, if that is what they chose
    )


def tell_of_invalid_filter(search: SavedSearch, wrong: list[str]) -> None:
    assert search.invalid_since is not None  # noqa: S101  (for the type checker: the caller has just set it)
    notify(
        event_key=f"search:{search.public_id}:invalid:{search.invalid_since:%Y%m%dT%H%M%S}",
        topic="searches",
        recipients=[search.owner],
        kind="searches.invalid",
        params={"search": search.name, "fields": wrong},
        url_name="searches:mine",
        by_name=True,
    )
