"""Signals of the matching app, sent inside the transaction of the change; receivers are apps above it."""

from django.dispatch import Signal

# Sent with `proposal` and `by`: the second side accepted.
proposal_accepted = Signal()
# Sent with `proposal` and `ask`: one side said nothing until the time was over.
proposal_timed_out = Signal()
# Sent with `need` and `wait`: its own side has answered none of its list in time, reminded once.
need_list_unanswered = Signal()
# Sent with `need` and `wait`: nobody of the supply side, and no broker, has answered it in time.
need_without_reply = Signal()
