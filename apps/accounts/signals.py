"""Signals of the accounts app; receivers are apps above it, which it must not know."""

from django.dispatch import Signal

# Sent with `organisation` and `by`, inside the transaction that verified it.
organisation_verified = Signal()
