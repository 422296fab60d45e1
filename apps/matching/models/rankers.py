"""Rankers: the weights that turn signals into points, shipped or learned, one of them in use."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel


class RankerSource(models.TextChoices):
    SHIPPED = "shipped", _("随软件发布")
    TRAINED = "trained", _("由反馈学得")


class Ranker(PublicIdModel):
    """One set of weights. `weights`: signal name → weight; `evaluation`: the figures it was promoted or refused on.

    Rows are never changed but for `is_current`, `promoted_at`, `retired_at` and `predecessor`, so that a proposal's
    ranker says for good how its score was made. `predecessor` was in use when this one was promoted: the way back.
    """

    number = models.PositiveIntegerField(_("版本号"), unique=True)
    source = models.CharField(_("来源"), max_length=10, choices=RankerSource)
    engine_version = models.CharField(_("引擎版本"), max_length=40)
    weights = models.JSONField(_("权重"))
    labels = models.JSONField(_("训练标签"), default=dict, help_text=_("各类标签的数量"))
    evaluation = models.JSONField(_("评估"), default=dict)
    trained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("训练人")
    )
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("启用前的模型")
    )
    is_current = models.BooleanField(_("使用中"), default=False)
    promoted_at = models.DateTimeField(_("启用时间"), null=True)
    retired_at = models.DateTimeField(_("停用时间"), null=True)

    class Meta:
        verbose_name = _("排序模型")
        verbose_name_plural = _("排序模型")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(name="one_current_ranker", fields=("is_current",), condition=Q(is_current=True)),
        )

    def __str__(self) -> str:
        """Its name wherever people or programs read of it: r0 is what the first installed version came with."""
        return f"r{self.number}"
