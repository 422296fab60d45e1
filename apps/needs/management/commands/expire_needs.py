"""`manage.py expire_needs`: take needs past their last day off the board. Safe to run at any time, twice too."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.core.errors import StateConflict
from apps.needs.selectors import needs_past_their_day
from apps.needs.services import need_expire


class Command(BaseCommand):
    help = "将超过有效期的需求标为已过期。可重复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        expired = 0
        for need in needs_past_their_day():
            try:
                need_expire(need=need)
            except StateConflict:  # renewed or closed at this very moment
                continue
            expired += 1
        self.stdout.write(f"已将 {expired} 项需求标为过期。")
