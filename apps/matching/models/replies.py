"""Who is waited for, since when and until when: one side of a pair, or everybody whom a need concerns."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.matching.models.proposals import Proposal, Side
from apps.needs.models import Need


class AskAnswer(models.TextChoices):
    ACCEPTED = "accepted", _("接受")
    DECLINED = "declined", _("婉拒")
    TIMED_OUT = "timed_out", _("逾期未答复")
    TAKEN_BACK = "taken_back", _("对方撤回")
    DROPPED = "dropped", _("需求或资源下架")


class Ask(models.Model):
    """One side of a proposal is waited for, since the other said yes or bid.

    `answered_at` is when the waiting ended, `answer` how; only accepted, declined and timed_out count in an answer
    rate. An answer after the time is another matter of the proposal: the ask stays timed out. `remind_at` is the next
    reminder, null once there is none.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="asks", verbose_name=_("推荐"))
    side = models.CharField(_("等待答复的一方"), max_length=10, choices=Side)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", verbose_name=_("等待答复的单位")
    )
    asked_at = models.DateTimeField(_("开始等待时间"))
    due_at = models.DateTimeField(_("应答复时间"), db_index=True)
    remind_at = models.DateTimeField(_("下次提醒时间"), null=True, blank=True, db_index=True)
    reminded_at = models.DateTimeField(_("最近提醒时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("等待结束时间"), null=True, blank=True)
    answer = models.CharField(_("结果"), max_length=10, choices=AskAnswer, blank=True)

    class Meta:
        verbose_name = _("答复时限")
        verbose_name_plural = _("答复时限")
        ordering = ("due_at", "id")
        indexes = (models.Index(fields=("organisation", "answered_at"), name="ask_of_organisation"),)
        constraints = (
            models.UniqueConstraint(name="ask_open_once", fields=("proposal",), condition=Q(answered_at__isnull=True)),
            models.CheckConstraint(
                name="ask_ends_with_answer",
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(name="ask_due_after_asked", condition=Q(due_at__gte=models.F("asked_at"))),
        )

    def __str__(self) -> str:
        return f"{self.proposal} · {self.get_side_display()}"


class WaitKind(models.TextChoices):
    LIST = "list", _("等需求方看推荐")
    REPLY = "reply", _("等供给方或经纪人答复")


class WaitResult(models.TextChoices):
    ANSWERED = "answered", _("已答复")
    HANDED_OVER = "handed_over", _("已转技术经纪人")
    ANSWERED_LATE = "late", _("转出后答复")
    DROPPED = "dropped", _("需求下架")


class NeedWait(models.Model):
    """A need waits: for its own side to answer its list, or for anybody to answer the need. At most one of a kind runs.

    Past `due_at` it is handed to the brokers, once.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="waits", verbose_name=_("需求"))
    kind = models.CharField(_("等待事项"), max_length=10, choices=WaitKind)
    since = models.DateTimeField(_("开始等待时间"))
    due_at = models.DateTimeField(_("应答复时间"), db_index=True)
    remind_at = models.DateTimeField(_("提醒时间"), null=True, blank=True, db_index=True)
    reminded_at = models.DateTimeField(_("最近提醒时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("等待结束时间"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=12, choices=WaitResult, blank=True)

    class Meta:
        verbose_name = _("需求等待")
        verbose_name_plural = _("需求等待")
        ordering = ("due_at", "id")
        constraints = (
            models.UniqueConstraint(
                name="needwait_open_once", fields=("need", "kind"), condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="needwait_ends_with_result",
                condition=Q(ended_at__isnull=True, result="") | (Q(ended_at__isnull=False) & ~Q(result="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.need} · {self.get_kind_display()}"
