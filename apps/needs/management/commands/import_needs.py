"""`manage.py import_needs FILE`: needs from a table. A second import of the same file changes nothing."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from apps.accounts.import_command import ImportCommand
from apps.accounts.models import OrganisationKind
from apps.core.import_reports import ImportReport
from apps.needs.import_fields import FIELDS
from apps.needs.services import needs_import
from apps.taxonomy.term_index import TermIndex


class Command(ImportCommand):
    help = "从 .jsonl、.csv 或 .xlsx 文件导入技术需求。逐行检查，有误的行不导入；重复导入同一文件不会产生变化。"
    fields = FIELDS
    holding_name = "企业需求批量导入"
    holding_kind = OrganisationKind.ENTERPRISE

    def import_rows(self, rows: Sequence[Mapping[str, Any]], **shared: Any) -> ImportReport:
        return needs_import(rows=rows, terms=self.terms, **shared)

    @cached_property
    def terms(self) -> TermIndex:
        """Read once for all batches of a run."""
        return TermIndex()
