"""When the nightly cleaning last went over what a rule forgets."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionRun(models.Model):
    """The latest run of one rule; `is_complete` is false where more is left for the next."""

    rule = models.CharField(_("规则"), max_length=40, unique=True)
    ran_at = models.DateTimeField(_("上次清理"))
    deleted = models.PositiveIntegerField(_("上次清理条数"), default=0)
    deleted_in_all = models.PositiveBigIntegerField(_("累计清理条数"), default=0)
    is_complete = models.BooleanField(_("已清理完"), default=True)

    class Meta:
        verbose_name = _("数据清理")
        verbose_name_plural = _("数据清理")

    def __str__(self) -> str:
        return self.rule
