"""Importing a table for an organisation, batch by batch: what the commands of needs and of capabilities share."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from tqdm import tqdm

from apps.accounts.models import Organisation, OrganisationKind, OrganisationState, User
from apps.accounts.selectors import organisation_of
from apps.core import audit, clock
from apps.core.import_cells import read_key
from apps.core.import_reports import ImportReport, RowProblem
from apps.core.tables import Fields, Row, TableRefused, open_table
from apps.core.tables.bad_rows import MOST_TOLD, BadRows
from apps.core.tables.command import SOME_ROWS_BAD, TableCommand

BATCH_ROWS = 100  # per transaction: half a second, in which nobody else can write to SQLite
KEY = "external_id"


class ImportCommand(TableCommand):
    """A command is this and three facts: the fields, the organisation that holds rows of nobody's, and the service."""

    fields: ClassVar[Fields]
    holding_name: ClassVar[str]
    holding_kind: ClassVar[OrganisationKind]

    def import_rows(self, rows: Sequence[Mapping[str, Any]], **shared: Any) -> ImportReport:
        """Import a batch in one transaction; `shared` are the service's organisation, by and publish."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="要导入的文件：.jsonl、.csv 或 .xlsx")
        parser.add_argument(
            "--organisation",
            default="",
            help=f"所属机构的名称或统一社会信用代码；不填为操作人所在机构，没有则归入“{self.holding_name}”",
        )
        parser.add_argument("--by", default="", help="操作人的邮箱；不填为平台")
        parser.add_argument("--draft", action="store_true", help="只存为草稿，不发布")
        parser.add_argument("--errors", type=Path, help="把有误的行另存为这个 .csv 文件，改好后可直接再导入")

    def handle(
        self, *args: Any, file: Path, organisation: str, by: str, draft: bool, errors: Path | None, **options: Any
    ) -> None:
        table = open_table(file, self.fields)
        person = _person(by) if by else None
        named = _organisation(organisation) if organisation else None
        if table.ignored_columns:
            self.stdout.write(_("没有用到的列：%(names)s。") % {"names": "、".join(table.ignored_columns[:20])})
        total, self.note_count = ImportReport(), 0
        with BadRows(self.fields, errors, source=file) as bad_rows:
            owner = named or self._default_organisation(person)
            shared = {"organisation": owner, "by": person, "publish": not draft}
            seen: set[str] = set()
            batch: list[Row] = []
            for row in tqdm(table, total=table.count, unit=_("行"), disable=None):
                if problem := _problem(row, seen):
                    bad_rows.add(row, [problem])
                    continue
                batch.append(row)
                if len(batch) == BATCH_ROWS:
                    self._import(batch, total, bad_rows, shared)
                    batch = []
            self._import(batch, total, bad_rows, shared)
        self._tell(total, bad_rows)

    def _import(self, batch: list[Row], total: ImportReport, bad_rows: BadRows, shared: dict[str, Any]) -> None:
        if not batch:
            return
        report = self.import_rows([row.values for row in batch], **shared)
        total.created += report.created
        total.updated += report.updated
        total.unchanged += report.unchanged
        self.note_count += len(report.notes)
        notes = report.notes[: MOST_TOLD - len(total.notes)]
        total.notes += [RowProblem(batch[note.row - 1].line, note.field, note.message) for note in notes]
        problems: dict[int, list[RowProblem]] = {}
        for problem in report.problems:
            problems.setdefault(problem.row, []).append(problem)
        for number, found in problems.items():
            bad_rows.add(batch[number - 1], found)

    def _tell(self, total: ImportReport, bad_rows: BadRows) -> None:
        for sentence in bad_rows.sentences(bad_rows.problems, bad_rows.problem_count):
            self.stderr.write(sentence)
        for sentence in bad_rows.sentences(total.notes, self.note_count):
            self.stdout.write(_("提示：%(sentence)s") % {"sentence": sentence})
        counts = {
            "created": total.created,
            "updated": total.updated,
            "unchanged": total.unchanged,
            "bad": bad_rows.count,
        }
        self.stdout.write(
            _("新增 %(created)d 行，更新 %(updated)d 行，未变 %(unchanged)d 行，有误 %(bad)d 行。") % counts
        )
        if bad_rows.count:
            sys.exit(SOME_ROWS_BAD)

    @transaction.atomic
    def _default_organisation(self, by: User | None) -> Organisation:
        own = organisation_of(by) if by else None
        if own is not None:
            return own
        if by and not by.is_administrator:
            raise TableRefused(_("%(name)s 不属于任何机构，请用 --organisation 指明要导入到哪个机构。") % {"name": by})
        holding, created = Organisation.objects.get_or_create(
            name=self.holding_name,
            defaults={
                "kind": self.holding_kind,
                "state": OrganisationState.VERIFIED,
                "verified_at": clock.now(),
            },
        )
        if created:
            audit.record(holding, "organisation.created", by=by, changes={"name": holding.name})
        return holding


def _organisation(name_or_code: str) -> Organisation:
    found = Organisation.objects.filter(Q(name=name_or_code) | Q(credit_code=name_or_code)).first()
    if found is None:
        raise TableRefused(_("没有名称或统一社会信用代码为“%(name)s”的机构。") % {"name": name_or_code})
    return found


def _person(email: str) -> User:
    found = User.objects.filter(email=email.lower(), is_active=True).first()
    if found is None:
        raise TableRefused(_("没有邮箱为“%(email)s”的用户。") % {"email": email})
    return found


def _problem(row: Row, seen: set[str]) -> RowProblem | None:
    """What keeps a row out before its content is read: it is no row, or a line above has its number."""
    if row.problem:
        return RowProblem(row.line, "", row.problem)
    key = read_key(row.values)
    if key and key in seen:
        return RowProblem(row.line, KEY, _("文件里前面已有同一编号的行。"))
    seen.add(key)
    return None
