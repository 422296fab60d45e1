"""Objects from a file: each row comes in whole or not at all, and many are written by few statements.

One way for both sides of the market, which say by a subclass of `RowImporter` what is special about theirs.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core import audit
from apps.core.content import INDICATORS, Content, IndicatorValues
from apps.core.import_cells import read_key
from apps.core.import_reports import ImportReport, Outcome, RowChange
from apps.core.validators import clean_text


@dataclass(slots=True)
class ReadRow[Indicator: IndicatorValues]:
    """What a row says: the fields that it has and no others. `notes` tell what was left out of it."""

    external_id: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    indicators: list[Indicator] | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Plan[Row: models.Model, Read: ReadRow[Any]]:
    """What one right row comes to. `names` are the fields that are new in a stored object."""

    number: int
    row: Row
    read: Read
    outcome: Outcome
    names: tuple[str, ...] = ()
    publishes: bool = False
    before: dict[str, Any] | None = None

    def change(self) -> RowChange:
        stored: Any = self.row
        return RowChange(self.number, self.outcome, stored.pk, stored.version, stored.state, self.before or {})


class RowImporter[Row: models.Model, Read: ReadRow[Any]](ABC):
    """One import: what all of its rows share. `rows` are known again by their `external_id`.

    `relations` are the columns that a row gives as terms, already looked up. What was changed after `checked_at` stays.
    """

    content: ClassVar[Content]
    relations: ClassVar[frozenset[str]]
    action: ClassVar[str]
    title_missing: ClassVar[Any]

    def __init__(
        self,
        rows: Sequence[Mapping[str, Any]],
        owned: models.QuerySet[Any],
        *,
        by: models.Model | None,
        publish: bool,
        checked_at: datetime | None = None,
    ) -> None:
        self.rows, self.by, self.publish, self.checked_at = rows, by, publish, checked_at
        known = owned.filter(external_id__in=keys_of(rows)).select_related(
            "organisation", "contact__membership", *self.relations
        )
        self.known = {row.external_id: row for row in known.prefetch_related(*self.content.term_lists, INDICATORS)}
        self.seen: set[str] = set()

    @abstractmethod
    def read(self, row: Mapping[str, Any]) -> Read:
        """ValidationError by field."""

    @abstractmethod
    def new(self, read: Read) -> Row:
        """A draft with what the row says, not stored."""

    @abstractmethod
    def errors(
        self, row: Row, indicators: Sequence[Any] | None, known: Collection[str], *, open_to_all: bool
    ) -> dict[str, list[str]]:
        """What it may not say, by field; where it is `open_to_all`, what may not be published."""

    @abstractmethod
    def is_open(self, row: Row) -> bool:
        """Whether everybody reads what it says now."""

    def refusal(self, stored: Row, future: Row) -> object:
        """Why the one may not become the other; empty where it may."""
        return ""

    def plan(self, report: ImportReport) -> list[Plan[Row, Read]]:
        """Judge every row; those that are right, while `report` is told of all."""
        plans = []
        for number, row in enumerate(self.rows, start=1):
            try:
                plan = self._planned(number, row)
            except ValidationError as error:
                report.refuse(number, error)
                continue
            report.take(number, plan.outcome, plan.read.values)
            report.note(number, plan.read.notes)
            plans.append(plan)
        return plans

    def write(self, plans: Sequence[Plan[Row, Read]]) -> list[Row]:
        """Store what is new or says something new; the drafts that are to be published."""
        new = [plan for plan in plans if plan.outcome == "created"]
        self.content.create_all([plan.row for plan in new], [(plan.read.values, plan.read.indicators) for plan in new])
        audit.record_all([plan.row for plan in new], self.action, by=self.by)
        for plan in plans:
            if plan.outcome == "updated" and plan.names:
                self._update(plan)
        return [plan.row for plan in plans if plan.publishes]

    def _planned(self, number: int, row: Mapping[str, Any]) -> Plan[Row, Read]:
        read = self.read(row)
        if read.external_id in self.seen:
            raise ValidationError({"external_id": _("文件里前面已有同一编号的行。")})
        self.seen.add(read.external_id)
        stored = self.known.get(read.external_id)
        return self._plan_new(number, read) if stored is None else self._plan_change(number, stored, read)

    def _plan_new(self, number: int, read: Read) -> Plan[Row, Read]:
        row = self.new(read)
        publishes = self._is_to_be_published(row)
        self._require_good(row, read, read.indicators or [], open_to_all=publishes)
        return Plan(number, row, read, "created", publishes=publishes)

    def _plan_change(self, number: int, stored: Row, read: Read) -> Plan[Row, Read]:
        names = self.content.changed_names(stored, read.values, read.indicators)
        future = self._as_it_would_be(stored, read)
        publishes = self._is_to_be_published(future)
        if not names and not publishes:
            return Plan(number, stored, read, "unchanged")
        if told := self.refusal(stored, future):
            raise ValidationError({"external_id": told})
        current: Any = stored
        if self.checked_at and current.updated_at > self.checked_at:
            raise ValidationError({"external_id": _("检查之后有人修改过这一条，没有覆盖。请核对后重新导入。")})
        self._require_good(future, read, read.indicators, open_to_all=publishes or self.is_open(stored))
        before = self.content.snapshot(stored, names) | {"state": current.state}
        return Plan(number, stored, read, "updated", names, publishes, before)

    def _is_to_be_published(self, row: Any) -> bool:
        return self.publish and row.state == "draft"

    def _as_it_would_be(self, stored: Row, read: Read) -> Row:
        """A copy with the row's columns, to be judged before a database sees it: one of the two refuses long texts."""
        changed = copy(stored)
        for name, value in read.values.items():
            if name in self.content.columns:
                setattr(changed, name, value)
        return changed

    def _require_good(
        self, row: Row, read: Read, indicators: Sequence[IndicatorValues] | None, *, open_to_all: bool
    ) -> None:
        errors = self.errors(row, indicators, self.relations & read.values.keys(), open_to_all=open_to_all)
        if not getattr(row, "title", ""):
            errors["title"] = [str(self.title_missing)]
        if errors:
            raise ValidationError(errors)

    def _update(self, plan: Plan[Row, Read]) -> None:
        self.content.write(plan.row, plan.read.values, plan.read.indicators, names=plan.names)
        changes = {"fields": plan.names, "version": getattr(plan.row, "version", 0)}
        audit.record(plan.row, self.action, by=self.by, changes=changes)


def keys_of(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """The numbers that the rows give, as a database may be asked for them."""
    return {clean_text(read_key(row)) for row in rows} - {""}


def hold(owned: models.QuerySet[Any], organisation: models.Model, rows: Sequence[Mapping[str, Any]]) -> None:
    """Hold what the rows may change, and then their organisation, until the transaction ends.

    Of two imports for one organisation the second waits: both would create the same number otherwise. Its rows are held
    before it, as by a match, which counts what an institution has to answer while it holds the row it matches.
    """
    list(
        owned.filter(external_id__in=keys_of(rows))
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    type(organisation)._default_manager.select_for_update(no_key=True).get(pk=organisation.pk)
