"""States of an import and the moves between them."""

from apps.core.lifecycle import Lifecycle
from apps.imports.models import ImportState as S

IMPORT_LIFECYCLE = Lifecycle(
    {
        S.UPLOADED: frozenset({S.CHECKING, S.CANCELLED}),
        S.CHECKING: frozenset({S.CHECKED, S.FAILED, S.CANCELLED}),
        S.CHECKED: frozenset({S.CHECKING, S.RUNNING, S.CANCELLED}),
        # UNDOING: all or nothing was asked for, and a row was wrong after all.
        S.RUNNING: frozenset({S.DONE, S.FAILED, S.CANCELLED, S.UNDOING}),
        S.DONE: frozenset({S.UNDOING}),
        S.CANCELLED: frozenset({S.UNDOING}),
        S.FAILED: frozenset({S.UNDOING, S.CHECKING}),
        S.UNDOING: frozenset({S.UNDONE, S.FAILED}),
        S.UNDONE: frozenset(),
    }
)
