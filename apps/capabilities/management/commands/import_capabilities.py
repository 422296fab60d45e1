"""`manage.py import_capabilities FILE`: capabilities from a table. A second import of the same file changes nothing."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from apps.accounts.import_command import ImportCommand
from apps.accounts.models import OrganisationKind
from apps.capabilities.services import capabilities_import
from apps.core.import_reports import ImportReport
from apps.core.tables import Fields
from apps.taxonomy.term_index import TermIndex

FIELDS = Fields(
    {
        "external_id": ("编号", "id", "资源编号", "能力编号"),
        "title": ("名称", "标题", "资源名称", "能力名称", "成果名称"),
        "kind": ("类别", "类型"),
        "value": ("一句话价值", "价值"),
        "description": ("描述", "简介", "详细介绍", "介绍", "内容"),
        "industries": ("应用产业", "产业链"),
        "tech_fields": ("技术领域",),
        "tags": ("标签", "关键词"),
        "cooperation_modes": ("合作方式",),
        "district": ("所在区市", "区市"),
        "trl": ("成熟度（TRL）", "成熟度"),
        "disclosure": ("公开范围",),
        "valid_until": ("有效期至", "有效期"),
        "indicators": (),
        "details": (),
    },
    required=("external_id", "title"),
)


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
