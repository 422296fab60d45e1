"""Near-duplicates: the same result listed twice, a need posted again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import Capability
from apps.needs.models import Need


class Fingerprint(models.Model):
    """What a row's text is recognised by, and the group of near-duplicates it belongs to.

    `signature` is a MinHash of its text (`apps.engine.duplicates`). `group` is the same for rows that say the same, and
    null for a row without a twin.
    """

    need = models.OneToOneField(Need, on_delete=models.CASCADE, null=True, related_name="fingerprint")
    capability = models.OneToOneField(Capability, on_delete=models.CASCADE, null=True, related_name="fingerprint")
    version = models.PositiveIntegerField(_("文本版本"))
    signature = models.BinaryField(_("签名"))
    group = models.CharField(_("近似组"), max_length=12, null=True, db_index=True)  # noqa: DJ001  (null: no twin)

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
