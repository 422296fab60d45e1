"""揭榜: a team's answer to a need on the board, with a plan of its own."""

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.validators import validate_text
from apps.matching.models.proposals import Proposal

SHORTEST_PLAN, LONGEST_PLAN, LONGEST_MONTHS = 20, 2000, 60


class Bid(models.Model):
    """It counts as the supply side's yes to the pair. Without a price it is to be negotiated.

    Taken back it stays, and a new bid on the same pair replaces it; the audit trail keeps both.
    """

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="bid", verbose_name=_("推荐"))
    plan = models.TextField(
        _("揭榜方案"),
        max_length=LONGEST_PLAN,
        validators=[MinLengthValidator(SHORTEST_PLAN), MaxLengthValidator(LONGEST_PLAN), validate_text],
    )
    price_wan = models.DecimalField(
        _("报价（万元）"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    months = models.PositiveSmallIntegerField(
        _("预计周期（月）"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MONTHS)]
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("揭榜人")
    )
    placed_at = models.DateTimeField(_("揭榜时间"), db_index=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("揭榜")
        verbose_name_plural = _("揭榜")
        ordering = ("-placed_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="bid_price_not_negative", condition=Q(price_wan__isnull=True) | Q(price_wan__gte=0)
            ),
            models.CheckConstraint(name="bid_months_in_range", condition=Q(months__gte=1, months__lte=LONGEST_MONTHS)),
        )

    def __str__(self) -> str:
        return f"{self.proposal} · {self.placed_at:%Y-%m-%d}"
