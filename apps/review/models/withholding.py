"""暂停展示: something is kept from the public while what it is at the middle of goes on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.review.models.subjects import ROWS, OfOneRow, exactly_one


class Withholding(PublicIdModel, OfOneRow):
    """Of an organisation: all that it published is kept back with it. Its cases go on; lifted, all is as it was."""

    reason = models.CharField(_("原因"), max_length=300, validators=[validate_text])
    withheld_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("暂停人")
    )
    lifted_at = models.DateTimeField(_("恢复时间"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("恢复人")
    )
    lifted_note = models.CharField(_("恢复说明"), max_length=300, blank=True, validators=[validate_text])

    class Meta:
        verbose_name = _("暂停展示")
        verbose_name_plural = _("暂停展示")
        ordering = ("created_at", "id")
        constraints = (
            models.CheckConstraint(name="withholding_of_one_row", condition=exactly_one(*ROWS)),
            models.CheckConstraint(
                name="withholding_lifted_by_somebody",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    name=f"withholding_one_of_{name}",
                    fields=(name,),
                    condition=Q(lifted_at__isnull=True, **{f"{name}__isnull": False}),
                )
                for name in ROWS
            ),
        )

    def __str__(self) -> str:
        return str(self.row)

    def get_state_display(self) -> str:
        """As the other rows of the desk have it, where they are listed together."""
        return str(_("暂停展示") if self.lifted_at is None else _("已恢复展示"))
