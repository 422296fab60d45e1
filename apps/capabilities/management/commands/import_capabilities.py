"""`manage.py import_capabilities FILE`: capabilities from a table. A second import of the same file changes nothing."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from apps.accounts.import_command import ImportCommand
from apps.accounts.models import OrganisationKind
from apps.capabilities.import_fields import FIELDS
from apps.capabilities.services import capabilities_import
from apps.core.import_reports import ImportReport
from apps.taxonomy.term_index import TermIndex


class Command(ImportCommand):
    help = "从 .jsonl、.csv 或 .xlsx 文件导入创新资源。逐行检查，有误的行不导入；重复导入同一文件不会产生变化。"
    fields = FIELDS
    holding_name = "创新资源批量导入"
    holding_kind = OrganisationKind.INSTITUTE

    def import_rows(self, rows: Sequence[Mapping[str, Any]], **shared: Any) -> ImportReport:
        return capabilities_import(rows=rows, terms=self.terms, **shared)

    @cached_property
    def terms(self) -> TermIndex:
        """Read once for all batches of a run."""
        return TermIndex()
