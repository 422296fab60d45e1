"""`manage.py prune_notifications`: delete notifications that were read long ago."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from apps.notifications.services import notifications_prune

NO_END = 10_000_000


class Command(BaseCommand):
    help = (
        "删除早已读过的通知（期限见 NOTIFICATIONS_KEPT_DAYS；任务进程平时自己会做，每次几千条）。/ "
        "Delete notifications that were read more than NOTIFICATIONS_KEPT_DAYS ago; workers do it by themselves too."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = notifications_prune(most=NO_END)
        said = ngettext("已删除 %(count)d 条读过的通知。", "已删除 %(count)d 条读过的通知。", count)
        self.stdout.write(said % {"count": count})
