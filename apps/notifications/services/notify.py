"""Telling people of an event."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse

from apps.accounts.models import Membership, Organisation, User
from apps.core import clock
from apps.notifications import kinds, outbox
from apps.notifications.models import Delivery, Notification
from apps.notifications.planning import Choices, email_deliveries, group_deliveries
from apps.notifications.silence import is_silent, letters_are_held
from apps.notifications.topics import topic_of

BATCH = 500
type Arguments = Sequence[str | int]


def notify(
    *,
    event_key: str,
    topic: str,
    recipients: Iterable[User],
    kind: str,
    params: Mapping[str, Any],
    url_name: str,
    url_args: Arguments = (),
    by_name: bool = False,
    organisation: Organisation | None = None,
    as_members: bool = False,
) -> int:
    """Tell people of an event; the number of those who are told now. Call inside the transaction of the change.

    `event_key` names the event ("proposal:k3xq…:accepted"): of one event nobody is told twice, however often this is
    called. `by_name`: it concerns each of the recipients personally, and may reach them at once; everything else comes
    with the day's digest at the earliest. `organisation`: they are told as its members, which also tells its group;
    who is no longer a member reads it no longer. `as_members`: each as a member of the organisation they act for now,
    where an event concerns people of several. `params` are values for the words of the kind, of types that JSON
    has. LookupError for a topic or a kind that does not exist or misses values, NoReverseMatch for a page, TypeError
    for a value: mistakes of code, told before anything is stored.
    """
    row = topic_of(topic)
    kinds.written(kinds.kind_of(kind), params)
    reverse(url_name, args=url_args)
    json.dumps(dict(params))
    people = {user.pk: user for user in recipients if user.is_active}
    if is_silent() or not people:
        return 0
    now = clock.now()
    choices = Choices(row, people.values())
    acting_for = _organisations(people) if as_members else {}
    usual = organisation.pk if organisation is not None else None
    with transaction.atomic():
        told = _write(
            [
                Notification(
                    recipient=user,
                    organisation_id=acting_for.get(user.pk, usual),
                    topic=topic,
                    event_key=event_key,
                    kind=kind,
                    parameters=dict(params),
                    url_name=url_name,
                    url_args=list(url_args),
                    is_by_name=by_name,
                    is_in_inbox=choices.is_in_inbox(user),
                    told_at=now,
                )
                for user in people.values()
            ]
        )
        if told and not letters_are_held():
            _queue(email_deliveries(told, choices, now) + group_deliveries(told, row, now))
    return len(told)


def _organisations(people: Iterable[int]) -> dict[int, int]:
    """User → the organisation they act for now."""
    return dict(Membership.objects.filter(user__in=list(people)).values_list("user", "organisation"))


def _write(rows: list[Notification]) -> list[Notification]:
    """Store what is new, and give that back: the table refuses a second row for an event."""
    same = Notification.objects.filter(event_key=rows[0].event_key, recipient__in=[row.recipient_id for row in rows])
    known = set(same.values_list("recipient", flat=True))
    new = [row for row in rows if row.recipient_id not in known]
    Notification.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    stored = Notification.objects.filter(public_id__in=[row.public_id for row in new])
    return list(stored.order_by("pk"))


def _queue(planned: list[Delivery]) -> None:
    now = clock.now()
    Delivery.objects.bulk_create(planned, batch_size=BATCH, ignore_conflicts=True)
    letters = [row.letter for row in planned if row.due_at <= now][: outbox.MOST_HINTS]
    if letters:
        transaction.on_commit(lambda: outbox.send_hints(letters))
