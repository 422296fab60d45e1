"""Needs that are due for renewal: which ones, and renewing several at a time."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import DomainError
from apps.needs.models import Need
from apps.needs.selectors import needs_of_my_organisation
from apps.needs.services.upkeep import RENEWABLE_STATES, need_renew

RENEWAL_DUE_DAYS = 14


class Renewed(NamedTuple):
    done: int
    refused: list[str]


def is_due(need: Need) -> bool:
    """Its last day is past, or comes within two weeks."""
    return need.state in RENEWABLE_STATES and need.valid_until <= clock.today() + timedelta(days=RENEWAL_DUE_DAYS)


def needs_due(user: User) -> QuerySet[Need]:
    """Those of the person's organisation, the most urgent first."""
    last_day = clock.today() + timedelta(days=RENEWAL_DUE_DAYS)
    rows = needs_of_my_organisation(user).filter(state__in=RENEWABLE_STATES, valid_until__lte=last_day)
    return rows.order_by("valid_until", "id")


def needs_renew(*, needs: Iterable[Need], by: User) -> Renewed:
    """Each by itself: one that a colleague has just closed does not keep the others from it."""
    done, refused = 0, []
    for need in needs:
        try:
            need_renew(need=need, by=by)
            done += 1
        except DomainError as error:
            refused.append(f"{need.title}：{error.message}")
    return Renewed(done, refused)
