"""Looking for what is new in saved searches, and telling of it once.

A row is new to a search when it was published after the search was saved. It is told when it fits for the first time:
at its publication, or after a later edit (of its text, tags or disclosure) that makes it fit. What was on the list when
the search was saved is never news, however often it is edited, renewed or reopened. Whether the owner of the search may
see a row is asked at the moment of telling.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from apps.core import clock
from apps.searches import notices
from apps.searches.lists import News, Reading, SearchableList, list_of, read
from apps.searches.models import Hit, SavedSearch

logger = logging.getLogger(__name__)
# A row carries the time at which it was written, and is seen when its transaction ends: an import may take long.
OVERLAP = timedelta(hours=1)
MOST_TOLD = 200
"""More new rows than that in one look are told by their number; all that is older is then known."""


def look_for_news(*, most: int = 1_000) -> int:
    """Look through the searches that waited longest, at most `most`; how many of them had news.

    Equal filters are asked once for everybody, and each of their owners only where there is something. Safe to run
    twice at once: each search is looked at under a lock, and `Hit` refuses a row that was told.
    """
    started = clock.now()
    due = SavedSearch.objects.filter(is_paused=False, owner__is_active=True).order_by("tried_at", "pk")
    searches = sorted(due.select_related("owner__membership__organisation")[:most], key=lambda row: row.digest)
    SavedSearch.objects.filter(pk__in=[search.pk for search in searches]).update(tried_at=started)
    told = 0
    for _digest, same in groupby(searches, key=lambda row: row.digest):
        group = list(same)
        try:
            told += _look_at_equal(group, started)
        except Exception:  # the searches of others are looked at all the same, and what these missed in their next turn
            logger.exception("Saved searches like %s cannot be looked at.", group[0].public_id)
    return told


def _look_at_equal(group: list[SavedSearch], started: datetime) -> int:
    source = list_of(group[0].list_key)
    if source is not None and source.fitting_for_all is not None:
        reading = read(source, group[0].params, group[0].owner)
        if not reading.wrong and not source.fitting_for_all(reading.chosen, _news_of_all(group)).exists():
            _looked(group, started)
            return 0
    return sum(_look_at(search.pk, started) for search in group)


def _news_of_all(group: list[SavedSearch]) -> News:
    earliest = min(search.looked_at for search in group)
    return News(min(search.watched_since for search in group), earliest - OVERLAP)


def _looked(group: Iterable[SavedSearch], started: datetime) -> None:
    ids = [search.pk for search in group]
    SavedSearch.objects.filter(pk__in=ids, looked_at__lt=started).update(looked_at=started, invalid_since=None)


@transaction.atomic
def _look_at(pk: int, started: datetime) -> bool:
    """One search, under its lock; whether there was news."""
    rows = SavedSearch.objects.select_for_update(of=("self",)).select_related("owner__membership__organisation")
    search = rows.filter(pk=pk, is_paused=False, owner__is_active=True).first()
    if search is None:
        return False
    source = list_of(search.list_key)
    reading = read(source, search.params, search.owner) if source else None
    if source is None or reading is None or reading.wrong:
        _tell_it_is_invalid(search, started, reading)
        return False
    return _tell_of_news(search, source, reading, started)


def _tell_it_is_invalid(search: SavedSearch, started: datetime, reading: Reading | None) -> None:
    """Once; it is looked at again as soon as its values are on offer again."""
    if search.invalid_since is None:
        search.invalid_since = started
        notices.tell_of_invalid_filter(search, reading.wrong if reading else [])
    search.looked_at = started
    search.save(update_fields=["invalid_since", "looked_at"])


def _tell_of_news(search: SavedSearch, source: SearchableList, reading: Reading, started: datetime) -> bool:
    news = News(search.watched_since, search.looked_at - OVERLAP)
    fresh = _unknown(source.found(search.owner, reading.chosen, news), search)
    rows = list(fresh[: MOST_TOLD + 1])
    changes: dict[str, Any] = {"looked_at": max(started, search.looked_at), "invalid_since": None}
    if rows:
        count = len(rows)
        if count > MOST_TOLD:
            count, changes["watched_since"] = fresh.count(), started
        Hit.objects.bulk_create(
            [Hit(search=search, row_id=row.pk, found_at=started) for row in rows], ignore_conflicts=True
        )
        changes |= {"found_at": started, "found_count": search.found_count + count}
        notices.tell_of_news(search, source, rows[0], count)
    for name, value in changes.items():
        setattr(search, name, value)
    search.save(update_fields=list(changes))
    return bool(rows)


def _unknown(found: QuerySet[Any], search: SavedSearch) -> QuerySet[Any]:
    return found.exclude(pk__in=Hit.objects.filter(search=search).values("row_id"))
