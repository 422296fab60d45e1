"""Sending questionnaires when their day has come, and reminding once."""

from datetime import date

from django.db import transaction

from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.engagements.models import Engagement, EngagementState
from apps.engagements.notices import people_of_side
from apps.engagements.services.locking import locked_case
from apps.followups import notices
from apps.followups.models import Questionnaire
from apps.followups.rules import REMIND_AFTER, months_asked, open_for
from apps.followups.selectors import cases_to_ask, due_day, questionnaires_to_remind
from apps.matching.models import Side


def questionnaires_ask(*, most: int) -> int:
    """Send what is due by today, of at most `most` cases; how many questionnaires. Safe to run twice, or at once."""
    today, sent, looked_at = clock.today(), 0, 0
    for months in months_asked():
        for engagement, due_on in cases_to_ask(months, today):
            if looked_at >= most:
                return sent
            looked_at += 1
            try:
                sent += _ask(engagement, months, due_on)
            except StateConflict:  # the case went away at this very moment
                continue
    return sent


@transaction.atomic
def _ask(engagement: Engagement, months: int, due_on: date) -> int:
    """Ask both sides of one case. With the case held, of two workers the second finds the rows of the first."""
    case = locked_case(engagement)
    if case.state != EngagementState.DELIVERED or due_day(case, months) != due_on:
        return 0
    there = set(Questionnaire.objects.filter(engagement=case, months=months).values_list("side", flat=True))
    return sum(_ask_side(case, side, months, due_on) for side in Side if side not in there)


def _ask_side(case: Engagement, side: Side, months: int, due_on: date) -> int:
    """Nobody is asked where a side has no people: a need that came from a file."""
    people = people_of_side(case, side)
    if not people:
        return 0
    now = clock.now()
    row = Questionnaire.objects.create(
        engagement=case, side=side, months=months, due_on=due_on, opened_at=now, closes_at=now + open_for()
    )
    audit.record(row, "questionnaire.sent", by=None, changes={"side": side, "months": months})
    notices.ask(row, people)
    return 1


@transaction.atomic
def questionnaires_hold() -> int:
    """While nobody can answer none closes: each stays open for at least a week more; how many were put off.

    By more than that week, as each time is an entry in the trail, and this runs every hour.
    """
    now = clock.now()
    until = now + 2 * REMIND_AFTER
    closing = Questionnaire.objects.open().unanswered().filter(closes_at__lt=now + REMIND_AFTER)
    rows = list(closing.select_for_update(of=("self",)))
    for row in rows:
        row.closes_at, row.updated_at = until, now
    Questionnaire.objects.bulk_update(rows, ["closes_at", "updated_at"], batch_size=500)
    audit.record_all(rows, "questionnaire.held", by=None, changes={"closes_at": until})
    return len(rows)


def questionnaires_remind(*, most: int) -> int:
    """Remind once of what was not answered for a week; how many, at most `most`."""
    reminded = 0
    for row in questionnaires_to_remind()[:most]:
        with transaction.atomic():
            fresh = Questionnaire.objects.select_for_update().filter(pk=row.pk, reminded_at=None).first()
            if fresh is None or fresh.is_answered:
                continue  # reminded, or answered, at this very moment
            fresh.reminded_at = clock.now()
            fresh.save(update_fields=["reminded_at", "updated_at"])
            notices.remind(row, people_of_side(row.engagement, Side(row.side)))
            reminded += 1
    return reminded
