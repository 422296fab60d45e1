"""`manage.py rollback_ranker`: back to the weights that were in use before the present ones."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.matching.learning.current import current_ranker
from apps.matching.learning.promotion import ranker_rollback


class Command(BaseCommand):
    help = (
        "恢复使用上一个排序模型，并重新匹配在榜需求。/ "
        "Put the previous ranker in use again and match the open needs anew."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        before = current_ranker()
        try:
            after = ranker_rollback()
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(
            _("已从 %(before)s 退回 %(after)s（%(source)s）。现用的是 %(after)s，在榜需求将重新匹配。")
            % {"before": before, "after": after, "source": after.get_source_display()}
        )
