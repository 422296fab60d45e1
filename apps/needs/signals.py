"""Signals of the needs app, sent inside the transaction of the change; receivers are apps above it."""

from django.dispatch import Signal

# Sent with `need` and `by`: it waits for a reviewer, or goes on the board next.
need_submitted = Signal()
# Sent with `need` and `by`: it is on the board (again), or what it says changed while it was.
need_published = Signal()
# Sent with `needs` (a list): many at once, from an import.
needs_imported = Signal()
# Sent with `need` and `by`: it left the board.
need_withdrawn = Signal()
# Sent with `need` and `by`: off the board already, it says something else, or was given up for good.
ended_need_changed = Signal()
