"""Vectors of meaning: what the encoder makes of a need's or a capability's texts, kept so that it is done once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import Capability
from apps.needs.models import Need


class TextVector(models.Model):
    """The vectors of one version of a row by one encoder.

    `data` is a little-endian float32 array of shape (2, dimensions): title, whole text; a text without words is
    a row of zeros. Whoever reads it checks it (vectors.py): what is damaged is made anew.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="vectors")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, null=True, related_name="vectors")
    encoder = models.CharField(_("编码器"), max_length=120)
    version = models.PositiveIntegerField(_("文本版本"))
    dimensions = models.PositiveSmallIntegerField(_("维数"))
    data = models.BinaryField(_("向量"))
    encoded_at = models.DateTimeField(_("编码时间"))

    class Meta:
        verbose_name = _("语义向量")
        verbose_name_plural = _("语义向量")
        constraints = (
            models.CheckConstraint(
                name="vector_has_one_side",
                condition=Q(need__isnull=False, capability__isnull=True)
                | Q(need__isnull=True, capability__isnull=False),
            ),
            models.UniqueConstraint(name="vector_of_need", fields=("need", "encoder")),
            models.UniqueConstraint(name="vector_of_capability", fields=("capability", "encoder")),
        )

    def __str__(self) -> str:
        return f"{self.encoder} v{self.version}"
