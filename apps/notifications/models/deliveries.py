"""Deliveries: the jobs. One row for each notification that goes out by e-mail or to a group."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel
from apps.notifications.models.notifications import LONGEST_KEY, Notification
from apps.notifications.models.robots import GroupRobot
from apps.notifications.topics import Frequency


class Channel(models.TextChoices):
    EMAIL = "email", _("邮件")
    GROUP = "group", _("群机器人")


class DeliveryState(models.TextChoices):
    DUE = "due", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    DROPPED = "dropped", _("不必再发")
    FAILED = "failed", _("发送失败")


class Delivery(PublicIdModel):
    """One notification on its way out. Rows with the same `letter` go out together, as one letter or one post.

    Claimed by a conditional update that writes `claim`: only who finds its own claim may send and finish the rows. A
    worker that dies leaves a lease that runs out; the letter then goes out again under the same Message-ID.
    """

    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("通知")
    )
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    robot = models.ForeignKey(
        GroupRobot, on_delete=models.CASCADE, null=True, related_name="deliveries", verbose_name=_("群机器人")
    )
    event_key = models.CharField(_("事件"), max_length=LONGEST_KEY)
    frequency = models.CharField(_("频率"), max_length=10, choices=Frequency)
    letter = models.CharField(_("信件"), max_length=60)
    state = models.CharField(_("状态"), max_length=10, choices=DeliveryState, default=DeliveryState.DUE)
    due_at = models.DateTimeField(_("最早发送时间"))
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    claim = models.CharField(_("领取编号"), max_length=32, blank=True)
    lease_until = models.DateTimeField(_("租约到期"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    error = models.CharField(_("错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("通知发送")
        verbose_name_plural = _("通知发送")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("state", "due_at"), name="delivery_due"),
            models.Index(fields=("letter",), name="delivery_letter"),
        )
        constraints = (
            models.UniqueConstraint(name="delivery_one_email", fields=("notification",), condition=Q(channel="email")),
            # Several people of an organisation are told of an event; their group hears of it once.
            models.UniqueConstraint(
                name="delivery_once_per_group", fields=("robot", "event_key"), condition=Q(robot__isnull=False)
            ),
            models.CheckConstraint(
                name="delivery_group_has_robot",
                condition=Q(channel="group", robot__isnull=False) | Q(channel="email", robot__isnull=True),
            ),
            models.CheckConstraint(
                name="delivery_sending_has_lease", condition=~Q(state="sending") | Q(lease_until__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.letter} {self.state}"
