"""What one side answered."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.engagements.models.columns import yuan_field
from apps.followups.models.questionnaires import Questionnaire


class Usage(models.TextChoices):
    IN_USE = "in_use", _("在用")
    PARTLY = "partly", _("部分在用")
    STOPPED = "stopped", _("已停用")


class Fit(models.TextChoices):
    """The real effect, beside what was reported."""

    BETTER = "better", _("比填报的更好")
    AS_REPORTED = "as_reported", _("与填报一致")
    WORSE = "worse", _("不如填报")
    UNKNOWN = "unknown", _("还不好判断")


class FurtherWork(models.TextChoices):
    STARTED = "started", _("已有后续合作")
    PLANNED = "planned", _("正在商量")
    NONE = "none", _("暂时没有")


RATINGS = [(5, _("5 很满意")), (4, _("4 满意")), (3, _("3 一般")), (2, _("2 不太满意")), (1, _("1 不满意"))]


class Answer(PublicIdModel):
    """The answer of a side as it stands; corrected in place, with every reading in the audit trail."""

    questionnaire = models.OneToOneField(
        Questionnaire, on_delete=models.PROTECT, related_name="answer", verbose_name=_("回访问卷")
    )
    usage = models.CharField(_("目前是否仍在使用？"), max_length=10, choices=Usage)
    stop_reason = models.CharField(_("部分在用或停用的原因"), max_length=300, blank=True, validators=[validate_text])
    fit = models.CharField(_("实际效果与当时填报的成效相比？"), max_length=12, choices=Fit)
    new_sales_yuan = yuan_field(_("至今新增销售额（元）"))
    cost_saved_yuan = yuan_field(_("至今节约成本（元）"))
    further_work = models.CharField(_("双方有没有后续合作？"), max_length=10, choices=FurtherWork)
    partner_rating = models.PositiveSmallIntegerField(_("对合作方满意吗？"), choices=RATINGS)
    platform_rating = models.PositiveSmallIntegerField(_("对平台的服务满意吗？"), choices=RATINGS)
    note = models.TextField(_("其他想说的"), max_length=1000, blank=True, validators=[validate_text])
    may_publish = models.BooleanField(_("愿意写成案例公开（发布前文字会请双方确认）"), default=False)
    answered_at = models.DateTimeField(_("填写时间"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("填写人")
    )

    class Meta:
        verbose_name = _("问卷答复")
        verbose_name_plural = _("问卷答复")
        ordering = ("-answered_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="answer_ratings_one_to_five",
                condition=Q(partner_rating__range=(1, 5), platform_rating__range=(1, 5)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.questionnaire}"

    def clean(self) -> None:
        if self.usage in (Usage.PARTLY, Usage.STOPPED) and not self.stop_reason.strip():
            raise ValidationError({"stop_reason": _("请简单说说原因，方便改进。")})

    @property
    def revision(self) -> str:
        """Changes whenever the answer does: a correction names what was read."""
        return self.updated_at.isoformat()
