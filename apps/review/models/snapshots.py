"""What a need or a capability said when it was submitted or published."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import Capability
from apps.needs.models import Need
from apps.review.models.subjects import exactly_one


class Snapshot(models.Model):
    """`content` is [[label, text], …] as a reviewer reads it. Without `checked_at` nobody has looked at it yet."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="snapshots")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, null=True, related_name="snapshots")
    version = models.PositiveIntegerField(_("版本"))
    content = models.JSONField(_("内容"))
    taken_at = models.DateTimeField(_("时间"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("提交人")
    )
    checked_at = models.DateTimeField(_("复核时间"), null=True, db_index=True)

    class Meta:
        verbose_name = _("版本留存")
        verbose_name_plural = _("版本留存")
        ordering = ("-id",)
        constraints = (models.CheckConstraint(name="snapshot_of_one_row", condition=exactly_one("need", "capability")),)

    def __str__(self) -> str:
        return f"{self.version}"
