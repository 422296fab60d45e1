"""Robots of chat groups: an organisation's address in WeCom or DingTalk."""

from urllib.parse import urlsplit

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.core.models import PublicIdModel
from apps.notifications.models.preferences import ReadingTerms
from apps.notifications.outbound import validate_address
from apps.notifications.topics import GROUP_TOPICS, Frequency


class RobotKind(models.TextChoices):
    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")


class GroupRobot(ReadingTerms, PublicIdModel):
    """Where posts for an organisation's group go. Whoever knows `url` can write to the group: it is shown to nobody."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="group_robot", verbose_name=_("机构")
    )
    kind = models.CharField(_("群聊工具"), max_length=10, choices=RobotKind, default=RobotKind.WECOM)
    url = models.CharField(_("Webhook 地址"), max_length=500, validators=[validate_address])
    secret = models.CharField(
        _("加签密钥"),
        max_length=200,
        blank=True,
        validators=[RegexValidator(r"^[\x21-\x7e]*$", _("密钥只含字母、数字和半角符号。"))],
    )

    class Meta:
        verbose_name = _("群机器人")
        verbose_name_plural = _("群机器人")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.organisation}"

    @property
    def masked_url(self) -> str:
        """Enough to tell one robot from another: the host, and the last four signs."""
        return f"{urlsplit(self.url).hostname}/…{self.url[-4:]}"


class GroupPreference(models.Model):
    """How often a group hears of a topic. No row: the topic's default."""

    robot = models.ForeignKey(GroupRobot, on_delete=models.CASCADE, related_name="preferences")
    topic = models.CharField(_("主题"), max_length=20, choices=[(topic.code, topic.name) for topic in GROUP_TOPICS])
    frequency = models.CharField(_("频率"), max_length=10, choices=Frequency)

    class Meta:
        verbose_name = _("群通知偏好")
        verbose_name_plural = _("群通知偏好")
        constraints = (models.UniqueConstraint(name="group_preference_once_per_topic", fields=("robot", "topic")),)

    def __str__(self) -> str:
        return f"{self.robot_id} {self.topic} {self.frequency}"
