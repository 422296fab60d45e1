"""What one side of a case waits for the other to do, and until when: the reply clock inside cases."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.engagements.models.cases import Engagement
from apps.engagements.models.outcomes import Outcome
from apps.matching.models import Side


class WaitKind(models.TextChoices):
    MESSAGE = "message", _("消息等您回复")
    OUTCOME = "outcome", _("成效等您确认")
    AGREEMENT = "agreement", _("保密协议等您确认")


class WaitQuerySet(models.QuerySet["Wait"]):
    def open(self) -> "WaitQuerySet":
        return self.filter(ended_at__isnull=True)


class Wait(models.Model):
    """`side` is the one that is to answer. Of each kind a side has one at a time, of outcomes one for each."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="waits", verbose_name=_("对接"))
    kind = models.CharField(_("等待什么"), max_length=10, choices=WaitKind)
    side = models.CharField(_("等待哪一方"), max_length=10, choices=Side)
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, null=True, blank=True, related_name="waits")
    asked_by_broker = models.BooleanField(_("由技术经纪人提出"), default=False)
    asked_at = models.DateTimeField(_("开始等待"))
    due_at = models.DateTimeField(_("答复期限"))
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)
    handed_at = models.DateTimeField(_("转交时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = WaitQuerySet.as_manager()

    class Meta:
        verbose_name = _("等待答复")
        verbose_name_plural = _("等待答复")
        ordering = ("due_at", "id")
        indexes = (models.Index(fields=("due_at",), condition=Q(ended_at__isnull=True), name="wait_due"),)
        constraints = (
            models.UniqueConstraint(
                name="wait_once_of_side",
                fields=("engagement", "kind", "side"),
                condition=Q(ended_at__isnull=True, outcome__isnull=True),
            ),
            models.UniqueConstraint(
                name="wait_once_of_outcome",
                fields=("outcome",),
                condition=Q(ended_at__isnull=True, outcome__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.due_at:%Y-%m-%d}"

    @property
    def is_late(self) -> bool:
        return self.due_at <= clock.now()
