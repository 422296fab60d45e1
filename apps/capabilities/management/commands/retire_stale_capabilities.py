"""`manage.py retire_stale_capabilities`: what nobody has confirmed in time leaves the catalogue. Safe to run twice."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.capabilities.selectors import capabilities_past_their_day
from apps.capabilities.services import capability_go_stale
from apps.core.errors import StateConflict


class Command(BaseCommand):
    help = "将超过有效期、无人确认的创新资源转为待确认。可重复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        stale = 0
        for capability in capabilities_past_their_day():
            try:
                capability_go_stale(capability=capability)
            except StateConflict:  # confirmed or taken down at this very moment
                continue
            stale += 1
        self.stdout.write(f"已将 {stale} 项资源转为待确认。")
