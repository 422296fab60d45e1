"""Pairs that a person of the platform was given to look after, wherever the two sides lie: the apps above know them."""

from collections.abc import Callable

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.selectors import Viewer

Assignment = Callable[[User], Q]

_assignments: list[Assignment] = []


def register_assignment(assignment: Assignment) -> None:
    """Add a reason to see pairs: `assignment(user)` is a condition on proposals."""
    if assignment not in _assignments:
        _assignments.append(assignment)


def assigned_to(user: Viewer) -> Q:
    given = Q(pk__in=[])
    for assignment in _assignments:
        given |= assignment(user) if isinstance(user, User) else Q(pk__in=[])
    return given
