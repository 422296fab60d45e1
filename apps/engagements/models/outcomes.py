"""成效: what changed in the factory, reported by one side and confirmed by the other."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Viewer
from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.engagements.measures import number_of
from apps.engagements.models.cases import EndReason, Engagement
from apps.engagements.models.columns import yuan_field
from apps.matching.models import Side
from apps.taxonomy.models import Vocabulary, term_field


class OutcomeState(models.TextChoices):
    REPORTED = "reported", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REJECTED = "rejected", _("已驳回")


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def visible_to(self, user: Viewer) -> "OutcomeQuerySet":
        return self.filter(engagement__in=Engagement.objects.visible_to(user))


def evidence_path(outcome: "Outcome", filename: str) -> str:
    return f"outcomes/{uuid.uuid4().hex}"


class Outcome(PublicIdModel):
    """One change, reported by one side and confirmed by the other (or an administrator). Money is in yuan."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.PROTECT, related_name="outcomes", verbose_name=_("对接")
    )
    outcome_type = term_field(Vocabulary.OUTCOME_TYPE, verbose_name=_("成效类型"))
    state = models.CharField(_("状态"), max_length=10, choices=OutcomeState, default=OutcomeState.REPORTED)
    description = models.TextField(_("成效说明"), max_length=1000, validators=[validate_text])
    occurred_on = models.DateField(_("发生日期"))
    indicator_name = models.CharField(_("改善的指标"), max_length=60, blank=True, validators=[validate_text])
    indicator_unit = models.CharField(_("单位"), max_length=20, blank=True, validators=[validate_text])
    before_value = models.CharField(_("改善前"), max_length=40, blank=True, validators=[validate_text])
    after_value = models.CharField(_("改善后"), max_length=40, blank=True, validators=[validate_text])
    new_sales_yuan = yuan_field(_("新增销售额（元）"))
    cost_saved_yuan = yuan_field(_("节约成本（元）"))
    invested_yuan = yuan_field(_("投入额（元）"))
    received_yuan = yuan_field(_("到账额（元）"))
    failure_reason = models.CharField(_("未达成的原因"), max_length=20, choices=EndReason, blank=True)
    evidence = models.FileField(_("证明材料"), upload_to=evidence_path, blank=True)
    evidence_name = models.CharField(_("材料名称"), max_length=200, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("填报人")
    )
    reported_side = models.CharField(_("填报方"), max_length=10, choices=Side)
    reported_at = models.DateTimeField(_("填报时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("确认人")
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, db_index=True)
    rejection_reason = models.CharField(_("驳回原因"), max_length=300, blank=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("成效")
        verbose_name_plural = _("成效")
        ordering = ("-reported_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="outcome_confirmed_by_somebody",
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="outcome_rejected_with_reason", condition=~Q(state="rejected") | ~Q(rejection_reason="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.outcome_type} · {self.occurred_on}"

    @property
    def change_percent(self) -> int | None:
        """How much the indicator changed, in percent of what it was; None unless both are numbers and it was not 0."""
        before, after = number_of(self.before_value), number_of(self.after_value)
        if before is None or after is None or not before:
            return None
        return round((after - before) * 100 / abs(before))

    @property
    def revision(self) -> str:
        """Changes whenever the row does: a confirmation, a rejection and a correction name what was read."""
        return self.updated_at.isoformat()
