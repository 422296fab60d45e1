"""What an import of a file tells of its rows."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with, or was left out of, a row; rows count from 1 in the order given."""

    row: int
    field: str
    message: str


@dataclass(slots=True)
class ImportReport:
    """Rows created, updated and found unchanged; `problems` kept their rows out, `notes` did not."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)

    def refuse(self, row: int, error: ValidationError) -> None:
        """Note every message of an error by field."""
        self.problems += [
            RowProblem(row, name, str(message)) for name, messages in error.message_dict.items() for message in messages
        ]

    def note(self, row: int, notes: list[tuple[str, str]]) -> None:
        self.notes += [RowProblem(row, name, message) for name, message in notes]
