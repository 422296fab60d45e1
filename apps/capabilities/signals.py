"""Signals of the capabilities app, sent inside the transaction of the change; receivers are apps above it."""

from django.dispatch import Signal

# Sent with `capability` and `by`: it waits for a reviewer, or goes into the catalogue next.
capability_submitted = Signal()
# Sent with `capabilities` (a list) and `by`: many at once, from an import.
capabilities_submitted = Signal()
# Sent with `capability`, `before` (its details until now) and `by`: somebody wrote anew what its kind asks.
capability_rewritten = Signal()
# Sent with `capability` and `by`: it is in the catalogue (again), or what it says changed while it was.
capability_published = Signal()
# Sent with `capabilities` (a list): many at once, from an import.
capabilities_imported = Signal()
# Sent with `capability` and `by`: it left the catalogue.
capability_withdrawn = Signal()
# Sent with `capability` and `by`: it stays in the catalogue for longer, and says what it said.
capability_renewed = Signal()
