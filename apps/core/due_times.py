"""How much time is left for an answer, said as people say it."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import clock
from apps.core.working_days import add_working_days, working_days_between


def due_text(due_at: datetime) -> str:
    """“还有 2 个工作日”, “今天 17:00 前”, “已超过 5 小时”, “已超过 1 天”."""
    now = clock.now()
    if due_at <= now:
        return _overdue(now, due_at)
    local, days = timezone.localtime(due_at), working_days_between(add_working_days(now, 0), due_at)
    if local.date() == timezone.localdate(now):
        return _("今天 %(time)s 前") % {"time": f"{local:%H:%M}"}
    return ngettext("还有 %(days)d 个工作日", "还有 %(days)d 个工作日", max(days, 1)) % {"days": max(days, 1)}


def moment_text(moment: datetime) -> str:
    """In the city's time; figures only, for readers of any language."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def duration_text(span: timedelta) -> str:
    """“5 小时”, “2 天”; what takes less than an hour counts as one."""
    hours = max(1, round(span.total_seconds() / 3600))
    if hours < 48:
        return ngettext("%(hours)d 小时", "%(hours)d 小时", hours) % {"hours": hours}
    days = round(hours / 24)
    return ngettext("%(days)d 天", "%(days)d 天", days) % {"days": days}


def is_pressing(due_at: datetime) -> bool:
    """Past, or due today."""
    return timezone.localdate(due_at) <= clock.today()


def _overdue(now: datetime, due_at: datetime) -> str:
    hours = int((now - due_at).total_seconds() // 3600)
    if hours < 1:
        return _("刚刚到期")
    if hours < 24:
        return ngettext("已超过 %(hours)d 小时", "已超过 %(hours)d 小时", hours) % {"hours": hours}
    return ngettext("已超过 %(days)d 天", "已超过 %(days)d 天", hours // 24) % {"days": hours // 24}
