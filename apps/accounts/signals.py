"""Signals of the accounts app; receivers are apps above it, which it must not know."""

from django.dispatch import Signal

# Sent with `organisation` and `by`, inside the transaction that verified it.
organisation_verified = Signal()
# Sent with `organisation` and `by`, inside the transaction in which a reviewer refused it.
organisation_rejected = Signal()
# Sent with `membership`, inside the transaction in which the invited person joined.
member_joined = Signal()
