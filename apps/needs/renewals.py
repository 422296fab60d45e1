"""Needs that are due for renewal: which ones, and renewing several at a time."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.core import clock
from apps.core.rounds import Tried, try_each
from apps.needs.models import Need
from apps.needs.selectors import needs_of_my_organisation
from apps.needs.services.upkeep import RENEWABLE_STATES, need_renew

RENEWAL_DUE_DAYS = 14


def is_due(need: Need) -> bool:
    """Its last day is past, or comes within two weeks."""
    return need.state in RENEWABLE_STATES and need.valid_until <= clock.today() + timedelta(days=RENEWAL_DUE_DAYS)


def needs_due(user: User) -> QuerySet[Need]:
    """Those of the person's organisation, the most urgent first."""
    last_day = clock.today() + timedelta(days=RENEWAL_DUE_DAYS)
    rows = needs_of_my_organisation(user).filter(state__in=RENEWABLE_STATES, valid_until__lte=last_day)
    return rows.order_by("valid_until", "id")


def needs_renew(*, needs: Iterable[Need], by: User) -> Tried:
    """Each by itself."""
    return try_each(needs, lambda need: need_renew(need=need, by=by))
