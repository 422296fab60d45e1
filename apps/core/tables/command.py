"""What commands that read or write tables share: a refusal is one sentence and exit code 2, and nothing is written."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from apps.core.errors import DomainError
from apps.core.tables.refusal import TableRefused

SOME_ROWS_BAD = 1
REFUSED = 2


class TableCommand(BaseCommand):
    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (TableRefused, DomainError) as refusal:
            self.stderr.write(str(refusal))
            sys.exit(REFUSED)
