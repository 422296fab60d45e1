"""Letters: what a person reads of several notifications, in one language, grouped by topic."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.notifications.links import absolute, open_url
from apps.notifications.models import Notification
from apps.notifications.topics import TOPICS, Frequency, Topic


class Line(NamedTuple):
    title: str
    text: str
    url: str
    topic: Topic


class Section(NamedTuple):
    topic: Topic
    lines: list[Line]


class Letter(NamedTuple):
    subject: str
    sections: list[Section]

    @property
    def lines(self) -> list[Line]:
        return [line for section in self.sections for line in section.lines]


def write(rows: Iterable[Notification], *, frequency: str, to_group: bool = False) -> Letter:
    """The letter in the language in force; `rows` in the order of their events, at least one.

    A person's links mark what they open as read; a group's lead straight to the page.
    """
    lines = [_line(row, to_group=to_group) for row in rows]
    sections = [Section(topic, [line for line in lines if line.topic == topic]) for topic in TOPICS]
    return Letter(_subject(lines, frequency), [section for section in sections if section.lines])


def _line(row: Notification, *, to_group: bool) -> Line:
    text = row.text
    return Line(text.title, text.line, absolute(row.target) if to_group else open_url(row), row.topic_row)


def _subject(lines: list[Line], frequency: str) -> str:
    if frequency == Frequency.AT_ONCE and len(lines) == 1:
        return lines[0].title
    count = {"count": len(lines)}
    if frequency == Frequency.DAILY:
        return ngettext("今日汇总：%(count)d 条通知", "今日汇总：%(count)d 条通知", len(lines)) % count
    if frequency == Frequency.WEEKLY:
        return ngettext("本周汇总：%(count)d 条通知", "本周汇总：%(count)d 条通知", len(lines)) % count
    return _("您有 %(count)d 条新通知") % count
