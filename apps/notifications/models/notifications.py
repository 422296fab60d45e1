"""Notifications: what a person was told, once per event."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.accounts.selectors import Viewer, membership_of
from apps.core import clock
from apps.core.models import PublicIdModel
from apps.notifications.kinds import Text, text_of
from apps.notifications.topics import CHOICES, Topic, topic_of

LONGEST_KEY = 120


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: Viewer) -> "NotificationQuerySet":
        """One's own; what one was told as a member of an organisation, only while one is a member."""
        if not user.is_authenticated:
            return self.none()
        told_as, membership = Q(organisation=None), membership_of(user)
        if membership is not None:
            told_as |= Q(organisation=membership.organisation_id)
        return self.filter(told_as, recipient=user.pk)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(PublicIdModel):
    """One event, told to one person. Rows are written by `services.notify` and never change but for `read_at`."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", verbose_name=_("接收人")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("所属机构"),
        help_text=_("以该机构成员的身份收到；不再是成员就看不到。"),
    )
    topic = models.CharField(_("主题"), max_length=20, choices=CHOICES)
    event_key = models.CharField(_("事件"), max_length=LONGEST_KEY)
    kind = models.CharField(_("消息种类"), max_length=60)
    parameters = models.JSONField(_("内容参数"), default=dict)
    url_name = models.CharField(_("页面"), max_length=100)
    url_args = models.JSONField(_("页面参数"), default=list)
    is_by_name = models.BooleanField(_("与本人直接相关"), default=False)
    is_in_inbox = models.BooleanField(_("站内显示"), default=True)
    told_at = models.DateTimeField(_("通知时间"), default=clock.now)
    read_at = models.DateTimeField(_("阅读时间"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ("-told_at", "-id")
        indexes = (
            models.Index(fields=("recipient", "-told_at", "-id"), name="notification_inbox"),
            models.Index(fields=("recipient",), condition=Q(read_at=None), name="notification_unread"),
            models.Index(fields=("read_at",), name="notification_read"),
        )
        constraints = (
            # Of one event nobody is told twice.
            models.UniqueConstraint(name="notification_once_per_event", fields=("recipient", "event_key")),
        )

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"

    @property
    def topic_row(self) -> Topic:
        return topic_of(self.topic)

    @property
    def text(self) -> Text:
        """Title and line in the language in force."""
        return text_of(self.kind, self.parameters, topic=self.topic)

    @property
    def target(self) -> str:
        """The path of the page that it leads to. NoReverseMatch where a later version has no such page."""
        return reverse(self.url_name, args=self.url_args)
