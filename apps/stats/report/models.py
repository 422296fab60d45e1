"""Monthly reports as they were made, and who wants them by mail."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import Viewer, is_reviewer
from apps.core.models import PublicIdModel
from apps.taxonomy.models import Term


class ReportState(models.TextChoices):
    WAITING = "waiting", _("正在编制")
    READY = "ready", _("已编制")
    FAILED = "failed", _("编制失败")


class MonthlyReportQuerySet(models.QuerySet["MonthlyReport"]):
    def visible_to(self, user: Viewer) -> "MonthlyReportQuerySet":
        """Officials of some districts see those of their districts, not the city's."""
        if not is_reviewer(user):
            return self.none()
        assert isinstance(user, User)  # noqa: S101  (for the type checker: reviewers are persons)
        return self if user.covers_city else self.filter(district__in=user.districts.all())


class MonthlyReport(PublicIdModel):
    """One month of the city (no district) or of one district. The row is the job that makes it, and keeps the file.

    The file lies in the row: it is small, comes and goes with it, and every host has it. `attempt` is the fence of
    the worker that claimed it, `lease_until` the time after which another may.
    """

    month = models.DateField(_("月份"))
    district = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"vocabulary": "district"},
        related_name="+",
        verbose_name=_("区市"),
    )
    state = models.CharField(_("状态"), max_length=8, choices=ReportState, default=ReportState.WAITING)
    content = models.BinaryField(default=bytes)
    made_at = models.DateTimeField(_("编制时间"), null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("发起人")
    )
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("月报")
        verbose_name_plural = _("月报")
        ordering = ("-month", "district__position", "id")
        constraints = (
            models.UniqueConstraint(
                name="report_once", fields=("month", "district"), condition=Q(district__isnull=False)
            ),
            models.UniqueConstraint(name="report_of_city_once", fields=("month",), condition=Q(district__isnull=True)),
            models.CheckConstraint(name="report_month_is_first_day", condition=Q(month__day=1)),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.month:%Y-%m}"

    @property
    def region(self) -> str:
        return str(self.district) if self.district else str(_("全市"))

    @property
    def file_name(self) -> str:
        return str(_("月报_%(region)s_%(month)s.pdf") % {"region": self.region, "month": f"{self.month:%Y-%m}"})

    @property
    def has_file(self) -> bool:
        """Without reading it."""
        return self.made_at is not None

    @property
    def is_working(self) -> bool:
        return self.state == ReportState.WAITING


class ReportSubscription(models.Model):
    """An official who is told of each month's report. `told_month` is the last one: nobody is told twice."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="report_subscription", verbose_name=_("用户")
    )
    district = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"vocabulary": "district"},
        related_name="+",
        verbose_name=_("区市"),
    )
    day = models.PositiveSmallIntegerField(
        _("每月几日"), default=5, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    told_month = models.DateField(null=True)

    class Meta:
        verbose_name = _("月报订阅")
        verbose_name_plural = _("月报订阅")

    def __str__(self) -> str:
        return f"{self.user} {self.day}"


def month_before(day: Any) -> date:
    """The first day of the last month that is over."""
    last: date = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1)
