"""What the figures keep beside the rows they count: which row counts on which day, and how many do.

All of it but the targets is derived: `rebuild_figures` makes it anew from the rows of the other apps.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.stats.measures import Measure
from apps.stats.report.models import MonthlyReport, ReportSubscription  # noqa: F401  (Django looks for models here)

LONGEST_KEY = 20


class CountedRow(models.Model):
    """One row of another app that a figure counts: which, when, and by what it can be narrowed.

    Numbers stand for rows of other tables without being keys to them: what is deleted there is found here by its
    absence. `chains` and `tiers` hold every term the row counts under, as ",3,17,"; a chain's parent is among them.
    """

    figure = models.CharField(max_length=LONGEST_KEY)
    object_id = models.BigIntegerField()
    at = models.DateTimeField()
    day = models.DateField()
    amount_fen = models.BigIntegerField(default=0)
    district_id = models.BigIntegerField(default=0)
    chains = models.TextField(default=",")
    tiers = models.TextField(default=",")
    part_id = models.BigIntegerField(default=0)
    partner_id = models.BigIntegerField(default=0)
    broker_id = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("计入的记录")
        verbose_name_plural = _("计入的记录")
        indexes = (
            models.Index(fields=("figure", "day"), name="counted_day"),
            models.Index(fields=("figure", "partner_id", "day"), name="counted_partner"),
        )
        constraints = (models.UniqueConstraint(fields=("figure", "object_id"), name="counted_once"),)

    def __str__(self) -> str:
        return f"{self.figure} {self.object_id}"


class DayCount(models.Model):
    """How many rows a figure counts on one day, and their money, for one choice of the filters.

    0 stands for all: a row of one district, chain and tier is counted under each of the three or under all of them,
    so that every question is a sum over days of one choice. An organisation in two tiers counts in each, in all once.
    """

    pk = models.CompositePrimaryKey("figure", "district_id", "chain_id", "tier_id", "part_id", "day")
    figure = models.CharField(max_length=LONGEST_KEY)
    district_id = models.BigIntegerField()
    chain_id = models.BigIntegerField()
    tier_id = models.BigIntegerField()
    part_id = models.BigIntegerField()
    day = models.DateField()
    number = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        verbose_name = _("每日计数")
        verbose_name_plural = _("每日计数")
        indexes = (models.Index(fields=("figure", "day"), name="count_day"),)

    def __str__(self) -> str:
        return f"{self.figure} {self.day}: {self.number}"


class DirtyDay(models.Model):
    """A day of a figure whose counts are to be made anew."""

    figure = models.CharField(max_length=LONGEST_KEY)
    day = models.DateField()

    class Meta:
        verbose_name = _("待重算的日期")
        verbose_name_plural = _("待重算的日期")
        constraints = (models.UniqueConstraint(fields=("figure", "day"), name="dirty_day_once"),)

    def __str__(self) -> str:
        return f"{self.figure} {self.day}"


class TouchedRow(models.Model):
    """A row that changed without its `updated_at` telling so: it was deleted, or its lists of terms changed."""

    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("待重读的记录")
        verbose_name_plural = _("待重读的记录")

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class Stock(models.Model):
    """What is on offer now: open needs of one district (0: of all) and open capabilities, by chain or tag."""

    pk = models.CompositePrimaryKey("term_id", "district_id")
    term_id = models.BigIntegerField()
    district_id = models.BigIntegerField()
    needs = models.PositiveIntegerField(default=0)
    capabilities = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("供需存量")
        verbose_name_plural = _("供需存量")

    def __str__(self) -> str:
        return f"{self.term_id}: {self.needs} / {self.capabilities}"


class Upkeep(models.Model):
    """Of one table of another app: up to which change its rows were read. One row, named "", is the lease of all.

    `read_until` with `read_pk` is the last change that was read; `current_at` the moment as of which the figures hold;
    `swept_pk` the key from which rows are read next that nobody says have changed.
    """

    model = models.CharField(max_length=60, unique=True)
    read_until = models.DateTimeField(null=True)
    read_pk = models.BigIntegerField(default=0)
    swept_pk = models.BigIntegerField(default=0)
    current_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("统计更新进度")
        verbose_name_plural = _("统计更新进度")

    def __str__(self) -> str:
        return f"{self.model} {self.read_until}"


class Target(models.Model):
    """What the city wants to reach in a year, in the measure's own unit."""

    year = models.PositiveSmallIntegerField(_("年份"), validators=[MinValueValidator(2020), MaxValueValidator(2100)])
    measure = models.CharField(_("指标"), max_length=LONGEST_KEY, choices=Measure)
    value = models.DecimalField(
        _("目标值"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)], help_text=_("单位随指标。")
    )

    class Meta:
        verbose_name = _("年度目标")
        verbose_name_plural = _("年度目标")
        ordering = ("year", "measure")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "measure"),
                name="target_once",
                violation_error_message=_("这一年的这项指标已有目标，请直接修改。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.get_measure_display()}"
