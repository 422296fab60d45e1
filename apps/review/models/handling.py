"""Who looks at a row now, until when it is put aside, and what was decided about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability
from apps.needs.models import Need
from apps.review.models.subjects import ROWS, OfOneRow, exactly_one


class Handling(models.Model):
    """The desk's own note about a row. One-to-one relations, so that a queue reads it with its rows.

    `revision` is raised by every decision and every putting aside: who decides names the one that they read.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, null=True, related_name="review_handling"
    )
    need = models.OneToOneField(Need, on_delete=models.CASCADE, null=True, related_name="review_handling")
    capability = models.OneToOneField(Capability, on_delete=models.CASCADE, null=True, related_name="review_handling")
    revision = models.PositiveIntegerField(default=0)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("正在审核")
    )
    taken_at = models.DateTimeField(_("打开时间"), null=True)
    held_until = models.DateField(_("搁置至"), null=True)

    class Meta:
        verbose_name = _("审核状态")
        verbose_name_plural = _("审核状态")
        constraints = (
            models.CheckConstraint(name="handling_of_one_row", condition=exactly_one(*ROWS)),
            models.CheckConstraint(
                name="handling_taken_by_somebody_at_some_time",
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}"


class Outcome(models.TextChoices):
    APPROVED = "approved", _("通过")
    RETURNED = "returned", _("退回")
    HELD = "held", _("搁置")
    KEPT = "kept", _("复核无误")


FINAL = (Outcome.APPROVED, Outcome.RETURNED, Outcome.KEPT)


class Verdict(OfOneRow):
    """One decision of a reviewer. Kept as long as the row; never changed."""

    outcome = models.CharField(_("结论"), max_length=10, choices=Outcome)
    was_public = models.BooleanField(_("发布后复核"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)
    scores = models.JSONField(_("评分"), default=dict)
    points = models.PositiveSmallIntegerField(_("总分"), null=True)
    suggested = models.CharField(_("系统建议"), max_length=10, choices=Outcome, blank=True)
    note = models.CharField(_("审核备注"), max_length=300, blank=True)
    reason = models.CharField(_("告知对方的原因"), max_length=300, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("审核人")
    )
    waiting_since = models.DateTimeField(_("提交时间"))
    decided_at = models.DateTimeField(_("审核时间"), db_index=True)
    working_minutes = models.PositiveIntegerField(_("工作时间（分钟）"))
    is_within_goal = models.BooleanField(_("在目标时限内"))

    class Meta:
        verbose_name = _("审核结论")
        verbose_name_plural = _("审核结论")
        ordering = ("-decided_at", "-id")
        indexes = (models.Index(fields=("outcome", "decided_at"), name="verdict_by_time"),)
        constraints = (
            models.CheckConstraint(name="verdict_of_one_row", condition=exactly_one(*ROWS)),
            models.CheckConstraint(
                name="verdict_points_in_range", condition=Q(points__isnull=True) | Q(points__lte=20)
            ),
            models.CheckConstraint(name="verdict_return_has_reason", condition=~Q(outcome="returned") | ~Q(reason="")),
        )

    def __str__(self) -> str:
        return str(self.get_outcome_display())
