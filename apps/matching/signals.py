"""Signals of the matching app; receivers are apps above it."""

from django.dispatch import Signal

# Sent with `proposal` and `by`, inside the transaction in which the second side accepted.
proposal_accepted = Signal()
