"""What a person wants to be told, how often, in which language, and when not to be disturbed."""

from datetime import time

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.notifications.topics import CHOICES, Frequency

QUIET_FROM, QUIET_UNTIL = time(22, 0), time(8, 0)
LANGUAGE_CHOICES = [("zh-hans", "中文"), ("en", "English")]


class ReadingTerms(models.Model):
    """How whoever reads is to be written to. Equal times mean that nothing is ever held back."""

    language = models.CharField(_("通知语言"), max_length=10, choices=LANGUAGE_CHOICES, default="zh-hans")
    quiet_from = models.TimeField(_("免打扰开始"), default=QUIET_FROM)
    quiet_until = models.TimeField(_("免打扰结束"), default=QUIET_UNTIL)

    class Meta:
        abstract = True


class Recipient(ReadingTerms):
    """A person's terms. No row: the defaults."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recipient", verbose_name=_("用户")
    )

    class Meta:
        verbose_name = _("通知设置")
        verbose_name_plural = _("通知设置")

    def __str__(self) -> str:
        return f"{self.user_id} {self.language}"


class Preference(models.Model):
    """What a person chose for a topic. No row: the topic's defaults."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(_("主题"), max_length=20, choices=CHOICES)
    is_in_inbox = models.BooleanField(_("站内显示"), default=True)
    email = models.CharField(_("邮件"), max_length=10, choices=Frequency)

    class Meta:
        verbose_name = _("通知偏好")
        verbose_name_plural = _("通知偏好")
        constraints = (models.UniqueConstraint(name="preference_once_per_topic", fields=("user", "topic")),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic} {self.email}"
