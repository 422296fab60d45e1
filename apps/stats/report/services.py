"""Asking for a report, making it, and telling those who want it of it."""

import logging
from datetime import date, timedelta

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import NotAllowed
from apps.stats.permissions import can_view_stats
from apps.stats.report.content import report_content
from apps.stats.report.models import MonthlyReport, ReportState, ReportSubscription, month_before
from apps.stats.report.notices import tell_of_report
from apps.stats.report.pdf import report_pdf
from apps.taxonomy.models import Term

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 5
FIRST_MONTH = date(2001, 1, 1)


def regions_of(user: User) -> tuple[bool, list[Term]]:
    """Whether a person may have the city's report, and the districts whose reports they may have."""
    districts = Term.objects.filter(vocabulary="district", is_active=True).order_by("position", "id")
    if user.covers_city:
        return True, list(districts)
    return False, list(districts.filter(pk__in=user.districts.all()))


def report_ask(*, month: date, district: Term | None, by: User) -> MonthlyReport:
    """Have the report of a month that is over made, or made anew. One that is being made is left to it.

    NotAllowed for a region that is not theirs, ValidationError for a month that is not over.
    """
    _require_region(by, district)
    if not FIRST_MONTH <= month <= month_before(clock.today()):
        raise ValidationError({"month": _("请选择已经过完的月份。")})
    with transaction.atomic():
        report = _row(month, district)
        audit.record(report, "report.asked", by=by, changes={"month": month, "district": district})
        report.asked_by, report.attempt = by, 0
        report.state = ReportState.WAITING
        report.save(update_fields=["asked_by", "attempt", "state", "updated_at"])
        transaction.on_commit(lambda: send_hint(report.public_id))
    return report


def _require_region(user: User, district: Term | None) -> None:
    can_view_stats(user).require()
    has_city, districts = regions_of(user)
    if not (has_city if district is None else district in districts):
        raise NotAllowed(_("您只能查看所负责区市的月报。"))


def _row(month: date, district: Term | None) -> MonthlyReport:
    """Locked; two who ask at once get the same one."""
    report, _made = MonthlyReport.objects.get_or_create(month=month, district=district)
    return MonthlyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)


def send_hint(public_id: str) -> None:
    """A broker that does not answer only delays: the clockwork sends it again."""
    try:
        current_app.send_task("stats.report", args=[public_id], queue="bulk")
    except OperationalError as error:
        logger.warning("The broker does not answer (%s); the report is made a little later.", error)


def due_reports() -> QuerySet[MonthlyReport]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    return MonthlyReport.objects.filter(free, state=ReportState.WAITING)


def report_make(public_id: str) -> bool:
    """Make it, where no other worker does; whether it was made. What failed often enough is given up."""
    lease = {"attempt": F("attempt") + 1, "lease_until": clock.now() + LEASE}
    if not due_reports().filter(public_id=public_id).update(**lease):
        return False
    report = MonthlyReport.objects.select_related("district").get(public_id=public_id)
    mine = MonthlyReport.objects.filter(pk=report.pk, attempt=report.attempt, state=ReportState.WAITING)
    if report.attempt > MOST_ATTEMPTS:
        logger.error("Report %s was tried %d times in vain.", public_id, MOST_ATTEMPTS)
        mine.update(state=ReportState.FAILED, lease_until=None)
        return False
    with translation.override("zh-hans"):
        found = report_content(month=report.month, district=report.district, made_on=clock.today())
        content = report_pdf(found)
    # Who asked for it anew in the meantime set the attempts back: then the next run makes it.
    done = mine.update(state=ReportState.READY, content=content, made_at=clock.now(), lease_until=None)
    if not done:
        MonthlyReport.objects.filter(pk=report.pk).update(lease_until=None)
    return bool(done)


def subscription_change(*, user: User, day: int, district: Term | None) -> ReportSubscription:
    """The first report comes on that day for the month before, also where the day of this month is past."""
    _require_region(user, district)
    with transaction.atomic():
        row, _made = ReportSubscription.objects.update_or_create(user=user, defaults={"day": day, "district": district})
        audit.record(row, "report.subscribed", by=user, changes={"day": day, "district": district})
    return row


def subscription_end(*, user: User) -> None:
    with transaction.atomic():
        for row in ReportSubscription.objects.select_for_update().filter(user=user):
            audit.record(row, "report.unsubscribed", by=user)
            row.delete()


def reports_send() -> int:
    """For every subscription that is due have the report made, and tell of it when it is; how many were told.

    A claim, the message and its letters are one transaction: a worker that dies leaves all of it undone.
    """
    today, month = clock.today(), month_before(clock.today())
    waiting = Q(told_month__isnull=True) | Q(told_month__lt=month)
    due = ReportSubscription.objects.filter(waiting, day__lte=today.day, user__is_active=True)
    return sum(_send(row, month) for row in due.select_related("user", "district").order_by("pk"))


def _send(row: ReportSubscription, month: date) -> int:
    if not can_view_stats(row.user) or not _may_have(row):
        return 0  # no official any more, or of other districts: kept, in case that is taken back
    report, _made = MonthlyReport.objects.get_or_create(month=month, district=row.district)
    if report.state != ReportState.READY:
        return 0
    with transaction.atomic():
        waiting = Q(told_month__isnull=True) | Q(told_month__lt=month)
        if not ReportSubscription.objects.filter(waiting, pk=row.pk).update(told_month=month):
            return 0
        return tell_of_report(report, row.user)


def _may_have(row: ReportSubscription) -> bool:
    has_city, districts = regions_of(row.user)
    return has_city if row.district is None else row.district in districts
