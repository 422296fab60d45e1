"""What an import of a file tells of its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.core.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with, or was left out of, a row; rows count from 1 in the order given."""

    row: int
    field: str
    message: str


type Outcome = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What a row comes to, whether it is carried out or only looked at: `values` are those it would give."""

    row: int
    outcome: Outcome
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowChange:
    """What an import did to one object: enough to see later whether somebody has touched it since, and to undo it.

    `before` is a snapshot of what was changed (`core.content.Content.snapshot`); nothing for a new one.
    """

    row: int
    outcome: Outcome
    pk: int
    version: int
    state: str
    before: dict[str, Any]


@dataclass(slots=True)
class ImportReport:
    """Rows created, updated and found unchanged; `problems` kept their rows out, `notes` did not.

    `planned` are the rows that are right; `changes` what was written of them, nothing where they were only looked at.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)
    planned: list[PlannedRow] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)

    def take(self, row: int, outcome: Outcome, values: Mapping[str, Any]) -> None:
        """Count a row that is right."""
        setattr(self, outcome, getattr(self, outcome) + 1)
        self.planned.append(PlannedRow(row, outcome, values))

    def refuse(self, row: int, error: ValidationError) -> None:
        """Note every message of an error by field."""
        self.problems += [
            RowProblem(row, name, str(message)) for name, messages in error.message_dict.items() for message in messages
        ]

    def note(self, row: int, notes: list[tuple[str, str]]) -> None:
        self.notes += [RowProblem(row, name, message) for name, message in notes]
