"""Rematches: matching much of the city anew, in steps that can stop and go on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel
from apps.taxonomy.models import Vocabulary, term_field


class RematchScope(models.TextChoices):
    NEEDS = "needs", _("全部在榜需求")
    CHAIN = "chain", _("一条产业链的需求")
    DISTRICT = "district", _("一个区市的需求")
    SINCE = "since", _("某日以来发布的需求")
    CAPABILITIES = "capabilities", _("全部在架资源")


class RematchCause(models.TextChoices):
    PERSON = "person", _("人工发起")
    RANKER = "ranker", _("更换排序模型")


class RematchState(models.TextChoices):
    RUNNING = "running", _("进行中")
    PAUSED = "paused", _("已暂停")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("已中止")


ACTIVE_REMATCHES = (RematchState.RUNNING, RematchState.PAUSED)


class Rematch(PublicIdModel):
    """Every open row of a scope is matched once, in the order of its key, from after `cursor` to `last_row`.

    The row is the job, as a MatchRequest is. A worker claims a chunk by a conditional update: `attempt` is the fence,
    `lease_until` the time after which others may go on. The cursor moves in the transaction that writes a row's
    results, so that whatever happens to a worker, no row is left out and none counts twice.
    """

    scope = models.CharField(_("范围"), max_length=12, choices=RematchScope)
    chain = term_field(Vocabulary.INDUSTRY_CHAIN, null=True, blank=True, verbose_name=_("产业链"))
    district = term_field(Vocabulary.DISTRICT, null=True, blank=True, verbose_name=_("区市"))
    since = models.DateField(_("起始日期"), null=True, blank=True)
    # The scope with its argument as one word: of two that are under way none repeats the other.
    target = models.CharField(max_length=80)
    cause = models.CharField(_("起因"), max_length=10, choices=RematchCause, default=RematchCause.PERSON)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("发起人")
    )

    state = models.CharField(_("状态"), max_length=10, choices=RematchState, default=RematchState.RUNNING)
    total = models.PositiveIntegerField(_("总数"))
    done = models.PositiveIntegerField(_("已匹配"), default=0)
    passed = models.PositiveIntegerField(_("已跳过"), default=0)
    handed_over = models.PositiveIntegerField(_("转单独处理"), default=0)
    cursor = models.BigIntegerField(default=0)
    last_row = models.BigIntegerField(default=0)
    chunk_size = models.PositiveIntegerField(_("每批数量"))

    attempt = models.PositiveIntegerField(default=0)
    stalled = models.PositiveSmallIntegerField(default=0)
    failures_in_row = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(_("租约到期"), null=True)
    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    error = models.CharField(_("错误"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("批量重新匹配")
        verbose_name_plural = _("批量重新匹配")
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "lease_until"), name="rematch_due"),)
        constraints = (
            models.UniqueConstraint(
                name="rematch_target_once", fields=("target",), condition=Q(state__in=("running", "paused"))
            ),
            models.CheckConstraint(
                name="rematch_scope_has_argument",
                condition=Q(scope="chain", chain__isnull=False)
                | Q(scope="district", district__isnull=False)
                | Q(scope="since", since__isnull=False)
                | Q(scope__in=("needs", "capabilities")),
            ),
            models.CheckConstraint(
                name="rematch_finished_has_date",
                condition=Q(state__in=("running", "paused")) | Q(finished_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.public_id} {self.target}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_REMATCHES

    @property
    def counted(self) -> int:
        """How many rows it has dealt with."""
        return self.done + self.passed + self.handed_over
