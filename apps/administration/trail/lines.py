"""Entries as lines that people read: who did what to which object, with what changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
LONGEST_VALUE = 80
DETAIL_NAMES: Mapping[str, Any] = {
    "from": gettext_lazy("原状态"),
    "to": gettext_lazy("新状态"),
    "value": gettext_lazy("值"),
    "reason": gettext_lazy("原因"),
    "name": gettext_lazy("名称"),
    "phone": gettext_lazy("手机"),
    "email": gettext_lazy("邮箱"),
    "role": gettext_lazy("角色"),
    "covers_city": gettext_lazy("负责全市"),
    "districts": gettext_lazy("负责区市"),
    "fields": gettext_lazy("修改的栏目"),
    "version": gettext_lazy("版本"),
    "into": gettext_lazy("并入"),
    "rows": gettext_lazy("涉及记录"),
    "alias": gettext_lazy("别名"),
    "what": gettext_lazy("内容"),
    "file": gettext_lazy("文件"),
    "erased": gettext_lazy("清除条数"),
    "rewritten": gettext_lazy("改写条数"),
}


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
        did=phrase_of(entry.action),
        action=entry.action,
        kind=kind_name(entry.object_type),
        title=title,
        url=_url(entry, title),
        details=list(details(changes)),
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
    if not label:
        return ""
    try:
        model: type[models.Model] = apps.get_model(label)
    except LookupError:
        return label
    return str(model._meta.verbose_name)


def details(changes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and values of what changed; a pair is shown as "from → to"."""
    if "before" in changes and "after" in changes:
        changes = {
            "value": [changes["before"], changes["after"]],
            **{name: value for name, value in changes.items() if name not in ("before", "after")},
        }
    for name, value in changes.items():
        if value not in (None, "", [], {}):
            yield str(DETAIL_NAMES.get(name, name)), _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{_plain(value[0])} → {_plain(value[1])}"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is None or value in ("", []):
        return _("（空）")
    if isinstance(value, list):
        text = "、".join(map(_plain, value))
    elif isinstance(value, dict):
        text = "，".join(f"{name} {_plain(item)}" for name, item in value.items())
    else:
        text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
