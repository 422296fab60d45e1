"""Near-duplicates: the same result listed twice, a need posted again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import Capability
from apps.needs.models import Need


class Fingerprint(models.Model):
    """That an open row was compared with all others of its kind, in which version, and with whom it belongs together.

    `group` is the same for rows that say the same ("n" or "c" and the number of their oldest fingerprint), null for a
    row without a twin. A row that left the board has no fingerprint. `method` is the engine's way of making keys.
    """

    need = models.OneToOneField(Need, on_delete=models.CASCADE, null=True, related_name="fingerprint")
    capability = models.OneToOneField(Capability, on_delete=models.CASCADE, null=True, related_name="fingerprint")
    version = models.PositiveIntegerField(_("文本版本"))
    method = models.CharField(_("指纹算法"), max_length=20)
    group = models.CharField(_("近似组"), max_length=20, null=True, db_index=True)  # noqa: DJ001  (null: no twin)

    class Meta:
        verbose_name = _("文本指纹")
        verbose_name_plural = _("文本指纹")
        constraints = (
            models.CheckConstraint(
                name="fingerprint_has_one_side",
                condition=Q(need__isnull=False, capability__isnull=True)
                | Q(need__isnull=True, capability__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.group or "–"


class FingerprintKey(models.Model):
    """One of the numbers by which near-duplicates of a row are found: rows that share one are compared."""

    fingerprint = models.ForeignKey(Fingerprint, on_delete=models.CASCADE, related_name="keys")
    key = models.BigIntegerField(_("键"))

    class Meta:
        verbose_name = _("指纹键")
        verbose_name_plural = _("指纹键")
        indexes = (models.Index(fields=("key", "fingerprint"), name="fingerprint_key"),)

    def __str__(self) -> str:
        return str(self.key)
