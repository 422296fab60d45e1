"""公告: what the platform tells its users at the top of every page, for a while."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.models import PublicIdModel
from apps.core.validators import validate_moment, validate_text
from apps.taxonomy.models import Vocabulary, term_field

LONGEST_TEXT = 300


class Level(models.TextChoices):
    """In the words that `components/alert.html` has tones for."""

    INFO = "info", _("通知")
    SUCCESS = "success", _("好消息")
    WARNING = "warning", _("提醒")
    ERROR = "error", _("紧急")


class Audience(models.TextChoices):
    EVERYONE = "everyone", _("所有人（含访客）")
    SIGNED_IN = "signed_in", _("登录用户")
    ENTERPRISES = "enterprises", _("企业")
    SUPPLIERS = "suppliers", _("高校院所")
    BROKERS = "brokers", _("技术经纪人")
    REVIEWERS = "reviewers", _("审核员和管理员")


class Announcement(PublicIdModel):
    """Shown from `starts_at` until `ends_at`. A district narrows it to those who are, or work, there."""

    text = models.CharField(_("内容"), max_length=LONGEST_TEXT, validators=[validate_text])
    text_en = models.CharField(_("英文内容"), max_length=LONGEST_TEXT, blank=True, validators=[validate_text])
    level = models.CharField(_("级别"), max_length=10, choices=Level, default=Level.INFO)
    audience = models.CharField(_("对象"), max_length=12, choices=Audience, default=Audience.EVERYONE)
    district = term_field(Vocabulary.DISTRICT, null=True, blank=True, verbose_name=_("区市"))
    starts_at = models.DateTimeField(_("开始时间"), default=clock.now)
    ends_at = models.DateTimeField(_("结束时间"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("发布人")
    )

    class Meta:
        verbose_name = _("公告")
        verbose_name_plural = _("公告")
        ordering = ("-starts_at", "-id")
        indexes = (models.Index(fields=("ends_at", "starts_at"), name="announcement_period"),)
        constraints = (
            models.CheckConstraint(name="announcement_ends_after_start", condition=Q(ends_at__gte=F("starts_at"))),
        )

    def __str__(self) -> str:
        return self.text_en if self.text_en and get_language() == "en" else self.text

    def clean(self) -> None:
        for name in ("starts_at", "ends_at"):
            if moment := getattr(self, name):
                _require_calendar(name, moment)
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("结束时间须晚于开始时间。")})
        if self.ends_at and self.ends_at <= clock.now():
            raise ValidationError({"ends_at": _("结束时间已过，公告不会显示。")})

    @property
    def revision(self) -> str:
        """Changes whenever the row does: who changes it names what they read."""
        return self.updated_at.isoformat()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def is_shown(self) -> bool:
        return self.starts_at <= clock.now() < self.ends_at


def _require_calendar(name: str, moment: datetime) -> None:
    try:
        validate_moment(moment)
    except ValidationError as error:
        raise ValidationError({name: error}) from error


class Dismissal(models.Model):
    """A person has read an announcement and closed it. Visitors' are kept in their session."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="dismissals")

    class Meta:
        verbose_name = _("已关闭的公告")
        verbose_name_plural = _("已关闭的公告")
        constraints = (models.UniqueConstraint(name="dismissal_once", fields=("user", "announcement")),)
