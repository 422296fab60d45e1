"""Signals of the accounts app; receivers are apps above it, which it must not know."""

from django.dispatch import Signal

# Sent with `user`, inside the transaction in which the person took another name.
user_renamed = Signal()
# Sent with `organisation` and `by`, inside the transaction that verified it.
organisation_verified = Signal()
# Sent with `organisation` and `by`, inside the transaction in which a reviewer refused it.
organisation_rejected = Signal()
# Sent with `membership`, inside the transaction in which the invited person joined.
member_joined = Signal()
# Sent with `request`, inside the transaction: somebody with a confirmed address asks to join.
join_asked = Signal()
# Sent with `request`, inside the transaction in which an owner approved or refused it.
join_answered = Signal()
