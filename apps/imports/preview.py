"""The first rows as they would look once they are in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import OrganisationKind
from apps.capabilities.kinds import labelled_details
from apps.core.tables import Fields
from apps.imports.doors import field_label, fields_for, rows_check
from apps.imports.models import Import, ImportKind
from apps.imports.staging import read_batch
from apps.needs.models import BudgetBand
from apps.taxonomy.term_index import TermIndex

MOST_SHOWN = 10
ROWS_LOOKED_AT = 60
_LABELS = {
    "disclosure": dict(Disclosure.choices),
    "budget_band": dict(BudgetBand.choices),
    "kind": dict(OrganisationKind.choices),
}


@dataclass(frozen=True, slots=True)
class Shown:
    line: int
    title: str
    outcome: str
    facts: list[tuple[str, str]]


def preview_of(job: Import) -> list[Shown]:
    """As far as there are right rows among the first; the rows are read and judged anew, nothing is written."""
    rows, _end = read_batch(job, 0, ROWS_LOOKED_AT)
    good = [row for row in rows if not row.problems and not row.is_repeated]
    report = rows_check(job=job, rows=[row.values for row in good], terms=TermIndex())
    words = {"created": _("新增"), "updated": _("更新"), "unchanged": _("未变")}
    fields = fields_for(job)
    return [
        Shown(
            line=good[plan.row - 1].line,
            title=str(plan.values.get("title") or plan.values.get("name") or ""),
            outcome=words[plan.outcome],
            facts=_facts(job, fields, plan.values),
        )
        for plan in report.planned[:MOST_SHOWN]
    ]


def _facts(job: Import, fields: Fields, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = [
        (field_label(fields, name), _words(name, value))
        for name, value in values.items()
        if name in fields.spellings and name not in ("title", "name") and value not in (None, "", [])
    ]
    if (details := values.get("details")) and job.kind != ImportKind.NEEDS:
        facts += [(str(label), text) for label, text in labelled_details(job.kind, details, with_owner=True)]
    return facts


def _words(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return value.isoformat()
    return str(_LABELS.get(name, {}).get(value, value))
