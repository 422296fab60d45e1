"""业绩: which brokers share in a contract, and with how much of it."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Viewer, is_administrator, is_broker
from apps.core.models import PublicIdModel
from apps.engagements.models.contracts import Contract

FEN = Decimal("0.01")


class ContractCreditQuerySet(models.QuerySet["ContractCredit"]):
    def visible_to(self, user: Viewer) -> "ContractCreditQuerySet":
        """Administrators all; a broker their own, and those of the cases they have."""
        if is_administrator(user):
            return self
        if not is_broker(user):
            return self.none()
        return self.filter(Q(broker=user) | Q(contract__engagement__broker=user))

    def confirmed(self) -> "ContractCreditQuerySet":
        return self.filter(confirmed_at__isnull=False)


class ContractCredit(PublicIdModel):
    """One broker's share of a contract in percent, proposed by the case's broker and confirmed by an administrator.

    The shares of one contract add up to at most 100; they are written together, with the contract held.
    """

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="credits", verbose_name=_("合同"))
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("技术经纪人")
    )
    percent = models.DecimalField(
        _("比例（%）"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("确认人"),
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    objects = ContractCreditQuerySet.as_manager()

    class Meta:
        verbose_name = _("合同业绩")
        verbose_name_plural = _("合同业绩")
        ordering = ("-percent", "id")
        constraints = (
            models.UniqueConstraint(name="credit_once", fields=("contract", "broker")),
            models.CheckConstraint(name="credit_percent", condition=Q(percent__gt=0, percent__lte=100)),
            models.CheckConstraint(
                name="credit_confirmed_whole",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.broker} {self.percent}%"

    @property
    def amount_yuan(self) -> Decimal:
        """The share of the contract's amount as it stands, to the fen."""
        share: Decimal = self.contract.amount_yuan * self.percent / 100
        return share.quantize(FEN)
