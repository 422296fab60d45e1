"""Requests of people to be forgotten."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.models import PublicIdModel

WAITING_TIME = timedelta(days=30)


class ErasureState(models.TextChoices):
    WAITING = "waiting", _("等待期")
    CANCELLED = "cancelled", _("已撤回")
    DONE = "done", _("已注销")


class ErasureRequest(PublicIdModel):
    """Waits thirty days, in which the person may think again; then an administrator carries it out."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasure_requests", verbose_name=_("申请人")
    )
    state = models.CharField(_("状态"), max_length=10, choices=ErasureState, default=ErasureState.WAITING)
    asked_at = models.DateTimeField(_("申请时间"), default=clock.now)
    due_at = models.DateTimeField(_("等待期满"))
    decided_at = models.DateTimeField(_("办理时间"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("办理人")
    )
    # What went and what stayed, as numbers: nothing in it tells who the person was.
    counts = models.JSONField(_("办理结果"), default=dict)

    class Meta:
        verbose_name = _("注销申请")
        verbose_name_plural = _("注销申请")
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(name="erasure_one_waiting", fields=("person",), condition=Q(state="waiting")),
        )

    def __str__(self) -> str:
        return str(self.person)

    @property
    def is_due(self) -> bool:
        return self.state == ErasureState.WAITING and self.due_at <= clock.now()
