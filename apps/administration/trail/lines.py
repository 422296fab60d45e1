"""Entries as lines that people read: who did what to which object, with what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from apps.administration.trail.details import details, model_of
from apps.administration.trail.phrases import phrase_of
from apps.core.models import AccessEntry, Trace

TITLE_COLUMNS = {
    "needs.need": "title",
    "capabilities.capability": "title",
    "accounts.organisation": "name",
    "accounts.user": "name",
    "taxonomy.term": "name",
    "core.citysetting": "key",
    "administration.announcement": "text",
}
PAGES = {
    "needs.need": "needs:detail",
    "capabilities.capability": "capabilities:detail",
    "accounts.organisation": "accounts:organisation_public",
    "accounts.user": "office:person",
    "taxonomy.term": "office:term",
    "matching.proposal": "matching:proposal",
    "engagements.engagement": "engagements:detail",
    "core.citysetting": "office:setting",
    "administration.announcement": "office:announcement",
    "administration.erasurerequest": "office:erasure",
}
BY_KEY = ("accounts.user", "taxonomy.term")


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    who: str
    did: str
    action: str
    kind: str
    title: str
    url: str
    details: list[tuple[str, str]]
    address: str
    request_id: str


def lines(entries: Iterable[Trace]) -> list[Line]:
    """One query for each kind of object among the entries that has a title."""
    rows: list[Any] = list(entries)
    titles = _titles(rows)
    return [_line(entry, titles) for entry in rows]


def _line(entry: Any, titles: Mapping[tuple[str, int], str]) -> Line:
    changes = entry.detail if isinstance(entry, AccessEntry) else entry.changes
    title = titles.get((entry.object_type, entry.object_id), entry.object_public_id)
    return Line(
        at=entry.at,
        who=str(entry.actor) if entry.actor else _platform(entry),
        did=phrase_of(entry.action, entry.object_type),
        action=entry.action,
        kind=kind_name(entry.object_type),
        title=title,
        url=_url(entry, title),
        details=list(details(changes, entry.object_type)),
        address=entry.address or "",
        request_id=entry.request_id,
    )


def _platform(entry: Trace) -> str:
    return _("访客") if isinstance(entry, AccessEntry) else _("平台")


def _titles(entries: Iterable[Any]) -> dict[tuple[str, int], str]:
    keys: dict[str, set[int]] = {}
    for entry in entries:
        if entry.object_type in TITLE_COLUMNS:
            keys.setdefault(entry.object_type, set()).add(entry.object_id)
    found: dict[tuple[str, int], str] = {}
    for kind, pks in keys.items():
        rows = apps.get_model(kind)._default_manager.filter(pk__in=pks)
        found |= {(kind, pk): title for pk, title in rows.values_list("pk", TITLE_COLUMNS[kind])}
    return found


def _url(entry: Any, title: str) -> str:
    """Where the object can be looked at; empty where it has no page."""
    page = PAGES.get(entry.object_type)
    argument = entry.object_id if entry.object_type in BY_KEY else entry.object_public_id
    if entry.object_type == "core.citysetting":
        argument = title
    try:
        return reverse(page, args=[argument]) if page and argument else ""
    except NoReverseMatch:
        return ""


def kind_name(label: str) -> str:
    """The object's kind in people's words; its technical name where the app is gone."""
    model = model_of(label)
    return str(model._meta.verbose_name) if model else label
