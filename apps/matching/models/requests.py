"""Requests to match: the jobs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import Capability
from apps.core.models import PublicIdModel
from apps.needs.models import Need


class RequestState(models.TextChoices):
    PENDING = "pending", _("等待匹配")
    RUNNING = "running", _("匹配中")
    DONE = "done", _("已完成")
    SUPERSEDED = "superseded", _("已被新版本取代")
    FAILED = "failed", _("匹配失败")


class Priority(models.TextChoices):
    """Also the name of the queue that carries the hint."""

    INTERACTIVE = "interactive", _("即时")
    BULK = "bulk", _("批量")


class Stage(models.TextChoices):
    """What a person who waits is told."""

    QUEUED = "queued", _("排队中")
    READING = "reading", _("读取资源库")
    RANKING = "ranking", _("比对与排序")
    SAVING = "saving", _("生成推荐理由")
    FINISHED = "finished", _("已完成")


class MatchRequest(PublicIdModel):
    """One job: match one need against all capabilities, or one capability against all open needs.

    Written in the transaction of the change that caused it. `attempt` is the fence: a worker may finish a request only
    with the attempt it claimed.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="match_requests")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, null=True, related_name="match_requests")
    priority = models.CharField(max_length=12, choices=Priority, default=Priority.INTERACTIVE)
    state = models.CharField(_("状态"), max_length=12, choices=RequestState, default=RequestState.PENDING)
    input_version = models.PositiveIntegerField(_("输入版本"))
    attempt = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    due_at = models.DateTimeField(_("最早执行时间"))
    lease_until = models.DateTimeField(_("租约到期"), null=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    stage = models.CharField(_("进度"), max_length=10, choices=Stage, default=Stage.QUEUED)
    proposals_count = models.PositiveIntegerField(_("推荐数"), default=0)
    engine_version = models.CharField(_("引擎版本"), max_length=40, blank=True)
    error = models.CharField(_("错误"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("匹配请求")
        verbose_name_plural = _("匹配请求")
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "due_at"), name="request_due"),)
        constraints = (
            models.CheckConstraint(
                name="request_has_one_side",
                condition=Q(need__isnull=False, capability__isnull=True)
                | Q(need__isnull=True, capability__isnull=False),
            ),
            # While one waits, another for the same thing adds nothing.
            models.UniqueConstraint(name="request_need_waits_once", fields=("need",), condition=Q(state="pending")),
            models.UniqueConstraint(
                name="request_capability_waits_once", fields=("capability",), condition=Q(state="pending")
            ),
            models.CheckConstraint(
                name="request_running_has_lease", condition=~Q(state="running") | Q(lease_until__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"

    @property
    def is_finished(self) -> bool:
        return self.state in (RequestState.DONE, RequestState.SUPERSEDED, RequestState.FAILED)
