"""技术合同: what the two sides signed, its money in instalments, and its milestones."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.engagements.models.cases import Engagement
from apps.engagements.models.columns import CaseFile, yuan_field
from apps.taxonomy.models import Vocabulary, term_field

SMALLEST = Decimal("0.01")


class ContractTerms(models.Model):
    """What a contract says. 成交额 is its whole amount; 技术交易额 the part of it that counts as technology."""

    contract_type = term_field(Vocabulary.CONTRACT_TYPE, verbose_name=_("合同类别"))
    title = models.CharField(_("合同名称"), max_length=100, validators=[validate_text])
    registration_number = models.CharField(
        _("认定登记编号"),
        max_length=40,
        blank=True,
        validators=[validate_text],
        help_text=_("技术合同认定登记后填写。"),
    )
    client_name = models.CharField(_("委托方（甲方）"), max_length=100, validators=[validate_text])
    provider_name = models.CharField(_("受托方（乙方）"), max_length=100, validators=[validate_text])
    signed_on = models.DateField(_("签订日期"), db_index=True)
    starts_on = models.DateField(_("履行开始"), null=True, blank=True)
    ends_on = models.DateField(_("履行结束"), null=True, blank=True)
    amount_yuan = yuan_field(_("成交额（元）"), required=True)
    technology_amount_yuan = yuan_field(_("技术交易额（元）"))

    class Meta:
        abstract = True


TERM_NAMES = tuple(field.name for field in ContractTerms._meta.local_fields)


class Contract(ContractTerms, PublicIdModel):
    """The contract of a case as it stands. An amendment raises `version` and keeps the former terms."""

    engagement = models.OneToOneField(
        Engagement, on_delete=models.PROTECT, related_name="contract", verbose_name=_("对接")
    )
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人")
    )

    class Meta:
        verbose_name = _("技术合同")
        verbose_name_plural = _("技术合同")
        ordering = ("-signed_on", "-id")
        constraints = (
            models.UniqueConstraint(
                name="contract_registration_number",
                fields=("registration_number",),
                condition=~Q(registration_number=""),
                violation_error_message=_("该认定登记编号已用于另一份合同。"),
            ),
            models.CheckConstraint(
                name="contract_technology_within_amount",
                condition=Q(technology_amount_yuan__isnull=True) | Q(technology_amount_yuan__lte=F("amount_yuan")),
                violation_error_message=_("技术交易额不能大于成交额。"),
            ),
            models.CheckConstraint(
                name="contract_ends_after_start",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("履行结束不能早于开始。"),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_amended(self) -> bool:
        return self.version > 1

    @property
    def revision(self) -> str:
        """Changes whenever the terms do."""
        return self.updated_at.isoformat()


class FormerTerms(ContractTerms):
    """The terms of a contract until an amendment replaced them."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="former_terms")
    version = models.PositiveSmallIntegerField(_("版本"))
    reason = models.CharField(_("变更原因"), max_length=300, validators=[validate_text])
    replaced_at = models.DateTimeField(_("变更时间"))
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("变更人")
    )

    class Meta:
        verbose_name = _("变更前的合同")
        verbose_name_plural = _("变更前的合同")
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(name="former_terms_version", fields=("contract", "version")),)


class Instalment(PublicIdModel):
    """One payment of a contract: planned, then received (到账). What came may differ from what was planned."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="instalments")
    planned_on = models.DateField(_("计划日期"))
    planned_yuan = yuan_field(_("计划金额（元）"), required=True)
    received_on = models.DateField(_("到账日期"), null=True, blank=True, db_index=True)
    received_yuan = models.DecimalField(
        _("到账金额（元）"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(SMALLEST)],
    )
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("登记人"),
    )

    class Meta:
        verbose_name = _("分期款项")
        verbose_name_plural = _("分期款项")
        ordering = ("planned_on", "id")
        constraints = (
            models.CheckConstraint(
                name="instalment_received_whole_or_not",
                condition=Q(received_on__isnull=True, received_yuan__isnull=True, received_by__isnull=True)
                | Q(received_on__isnull=False, received_yuan__gt=0, received_by__isnull=False),
            ),
            models.CheckConstraint(
                name="instalment_planned_positive",
                condition=Q(planned_yuan__gt=0),
                violation_error_message=_("计划金额应大于 0。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.planned_on} · {self.planned_yuan}"

    @property
    def is_received(self) -> bool:
        return self.received_on is not None


class Milestone(PublicIdModel):
    """里程碑: something to be delivered by a day, and accepted by both sides."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(_("里程碑"), max_length=100, validators=[validate_text])
    due_on = models.DateField(_("计划完成"))
    need_accepted_at = models.DateTimeField(_("需求方验收时间"), null=True, blank=True)
    need_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    capability_accepted_at = models.DateTimeField(_("供给方验收时间"), null=True, blank=True)
    capability_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("里程碑")
        verbose_name_plural = _("里程碑")
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.title

    @property
    def accepted_at(self) -> datetime | None:
        """When the second side accepted it; None before."""
        if self.need_accepted_at is None or self.capability_accepted_at is None:
            return None
        return max(self.need_accepted_at, self.capability_accepted_at)


class ContractFile(CaseFile):
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="files")

    class Meta(CaseFile.Meta):
        verbose_name = _("合同附件")
        verbose_name_plural = _("合同附件")
