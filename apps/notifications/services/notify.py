"""Telling people of an event."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Event:
    """One event and whom it is told to; the words as for `notify`."""

    event_key: str
    recipients: Sequence[User]
    params: Mapping[str, Any]
    url_args: Arguments = ()
    organisation: Organisation | None = None


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
    event = Event(event_key, list(recipients), params, url_args, organisation)
    return notify_each([event], topic=topic, kind=kind, url_name=url_name, by_name=by_name, as_members=as_members)


def notify_each(
    events: Iterable[Event],
    *,
    topic: str,
    kind: str,
    url_name: str,
    by_name: bool = False,
    as_members: bool = False,
) -> int:
    """As `notify`, for many events of one kind in as many queries as for one."""
    row = topic_of(topic)
    told_to = [(event, _active(event.recipients)) for event in events]
    for event, _people in told_to:
        kinds.written(kinds.kind_of(kind), event.params)
        reverse(url_name, args=event.url_args)
        json.dumps(dict(event.params))
    everybody = {pk: user for _event, people in told_to for pk, user in people.items()}
    if is_silent() or not everybody:
        return 0
    now = clock.now()
    choices = Choices(row, everybody.values())
    acting_for = _organisations(everybody) if as_members else {}
    with transaction.atomic():
        told = _write(
            [
                Notification(
                    recipient=user,
                    organisation_id=acting_for.get(user.pk, event.organisation.pk if event.organisation else None),
                    topic=topic,
                    event_key=event.event_key,
                    kind=kind,
                    parameters=dict(event.params),
                    url_name=url_name,
                    url_args=list(event.url_args),
                    is_by_name=by_name,
                    is_in_inbox=choices.is_in_inbox(user),
                    told_at=now,
                )
                for event, people in told_to
                for user in people.values()
            ]
        )
        if told and not letters_are_held():
            _queue(email_deliveries(told, choices, now) + group_deliveries(told, row, now))
    return len(told)


def _active(recipients: Iterable[User]) -> dict[int, User]:
    return {user.pk: user for user in recipients if user.is_active}


def _organisations(people: Iterable[int]) -> dict[int, int]:
    """User → the organisation they act for now."""
    return dict(Membership.objects.filter(user__in=list(people)).values_list("user", "organisation"))


def _write(rows: list[Notification]) -> list[Notification]:
    """Store what is new, and give that back: the table refuses a second row for an event."""
    same = Notification.objects.filter(
        event_key__in={row.event_key for row in rows}, recipient__in={row.recipient_id for row in rows}
    )
    known = set(same.values_list("event_key", "recipient"))
    new = [row for row in rows if (row.event_key, row.recipient_id) not in known]
    Notification.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    stored = Notification.objects.filter(public_id__in=[row.public_id for row in new])
    return list(stored.order_by("pk"))


def _queue(planned: list[Delivery]) -> None:
    now = clock.now()
    Delivery.objects.bulk_create(planned, batch_size=BATCH, ignore_conflicts=True)
    letters = [row.letter for row in planned if row.due_at <= now][: outbox.MOST_HINTS]
    if letters:
        transaction.on_commit(lambda: outbox.send_hints(letters))
