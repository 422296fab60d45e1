"""Moves between states: a table per model, and the one function that carries a move out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from apps.core import audit, clock
from apps.core.errors import StateConflict


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """`moves` names, for each state, the states that may follow it."""

    moves: Mapping[str, frozenset[str]]

    def allows(self, source: str, target: str) -> bool:
        return target in self.moves.get(source, frozenset())


@transaction.atomic
def move(
    obj: models.Model,
    target: str,
    *,
    lifecycle: Lifecycle,
    action: str,
    by: models.Model | None,
    **fields: Any,
) -> None:
    """Move `obj` to state `target`, set `fields` with it, and write the audit entry, all or nothing.

    The row is changed only where it still is in the state that `obj` was read in: of two people who act on the same
    state at once, the second gets StateConflict. StateConflict also when the table does not allow the move.
    """
    source = obj.state  # type: ignore[attr-defined]  # every model with a lifecycle has a state
    if not lifecycle.allows(source, target):
        raise StateConflict
    changes = {"state": target, **fields, "updated_at": clock.now()}
    changed = type(obj)._default_manager.filter(pk=obj.pk, state=source).update(**changes)
    if not changed:
        raise StateConflict
    for name, value in changes.items():
        setattr(obj, name, value)
    audit.record(obj, action, by=by, changes={"from": source, "to": target, **fields})


@transaction.atomic
def move_all(
    objects: Sequence[models.Model],
    target: str,
    *,
    lifecycle: Lifecycle,
    action: str,
    by: models.Model | None,
    **fields: Any,
) -> None:
    """As `move`, for many objects in the same state: one statement, an entry each, all of them or StateConflict."""
    if not objects:
        return
    [source] = {obj.state for obj in objects}  # type: ignore[attr-defined]  # as above
    if not lifecycle.allows(source, target):
        raise StateConflict
    changes = {"state": target, **fields, "updated_at": clock.now()}
    rows = type(objects[0])._default_manager.filter(pk__in=[obj.pk for obj in objects], state=source)
    if rows.update(**changes) != len(objects):
        raise StateConflict
    for obj in objects:
        for name, value in changes.items():
            setattr(obj, name, value)
    audit.record_all(objects, action, by=by, changes={"from": source, "to": target, **fields})
