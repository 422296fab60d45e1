"""Keeping a filter, naming it, pausing it, giving it up."""

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import DomainError, NotAllowed
from apps.searches.lists import SearchableList, read
from apps.searches.models import LONGEST_NAME, SavedSearch
from apps.searches.permissions import can_manage

MOST_SEARCHES = 20


def digest_of(key: str, params: Mapping[str, str]) -> str:
    """The same for the same filter of the same list, whatever order it was sent in."""
    return hashlib.sha256(json.dumps([key, sorted(params.items())], ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def search_save(*, source: SearchableList, params: Mapping[str, str], by: User, name: str = "") -> SavedSearch:
    """Keep a filter; without a name it is called by its conditions. What exists now is known: news begin now.

    The same filter saved again is the search that there is. DomainError for a filter that narrows nothing, for values
    that are not on offer, and for more than MOST_SEARCHES. ValidationError for a name.
    """
    if not by.is_active:
        raise NotAllowed
    reading = read(source, params, by)
    if reading.wrong:
        raise DomainError(_("筛选条件“%(name)s”已不可选，请重新选择后再保存。") % {"name": reading.wrong[0]})
    if not reading.params:
        raise DomainError(_("请先选择筛选条件，再保存。"))
    digest = digest_of(source.key, reading.params)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two windows do not save one too many
    mine = SavedSearch.objects.filter(owner=by)
    if found := mine.filter(digest=digest).first():
        return found
    if mine.count() >= MOST_SEARCHES:
        raise DomainError(_("最多保存 %(most)d 个筛选。请先在“我的订阅”中删除不用的。") % {"most": MOST_SEARCHES})
    summary, now = " · ".join(reading.words), clock.now()
    search = SavedSearch(
        owner=by,
        list_key=source.key,
        name=(name.strip() or summary)[:LONGEST_NAME],
        params=reading.params,
        digest=digest,
        summary=summary[:300],
        watched_since=now,
        looked_at=now,
    )
    search.full_clean()
    search.save()
    audit.record(search, "search.saved", by=by, changes={"list": source.key, "params": reading.params})
    return search


@transaction.atomic
def search_rename(*, search: SavedSearch, by: User, name: str) -> SavedSearch:
    """ValidationError for an empty or too long name."""
    can_manage(by, search).require()
    search.name = name.strip()
    search.full_clean()
    search.save(update_fields=["name", "updated_at"])
    audit.record(search, "search.renamed", by=by, changes={"name": search.name})
    return search


def search_pause(*, search: SavedSearch, by: User) -> SavedSearch:
    """It is not looked for until it is taken up again."""
    return _set(search, by, "search.paused", is_paused=True)


def search_resume(*, search: SavedSearch, by: User) -> SavedSearch:
    """News begin now: what came during the pause was not asked for."""
    now = clock.now()
    if not search.is_paused:
        return search
    return _set(search, by, "search.resumed", is_paused=False, watched_since=now, looked_at=now, invalid_since=None)


@transaction.atomic
def _set(search: SavedSearch, by: User, action: str, **fields: object) -> SavedSearch:
    can_manage(by, search).require()
    for name, value in fields.items():
        setattr(search, name, value)
    search.save(update_fields=[*fields, "updated_at"])
    audit.record(search, action, by=by)
    return search


@transaction.atomic
def search_delete(*, search: SavedSearch, by: User) -> None:
    """With what it found. Deleting twice is the same as once."""
    can_manage(by, search).require()
    # A worker that looks at this moment holds it: what that finds has to be there to be deleted along.
    if SavedSearch.objects.select_for_update().filter(pk=search.pk).first() is None:
        return
    audit.record(search, "search.deleted", by=by, changes={"name": search.name, "params": search.params})
    search.delete()
