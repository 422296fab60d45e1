"""Terms of texts: what the engine counts in a need's or a capability's texts, kept so that they are cut once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import Capability
from apps.needs.models import Need


class TextTokens(models.Model):
    """The counted terms of one version of a row, cut by one method.

    `method` names dictionary, synonyms and format (`TermCounter.method`); `data` is what `counted.pack` made of one
    document. Whoever reads it checks it (index/tokens.py): what is damaged is made anew.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="tokens")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, null=True, related_name="tokens")
    method = models.CharField(_("切分方法"), max_length=120)
    version = models.PositiveIntegerField(_("文本版本"))
    data = models.BinaryField(_("词项计数"))
    counted_at = models.DateTimeField(_("切分时间"))

    class Meta:
        verbose_name = _("文本词项")
        verbose_name_plural = _("文本词项")
        constraints = (
            models.CheckConstraint(
                name="tokens_have_one_side",
                condition=Q(need__isnull=False, capability__isnull=True)
                | Q(need__isnull=True, capability__isnull=False),
            ),
            models.UniqueConstraint(name="tokens_of_need", fields=("need",)),
            models.UniqueConstraint(name="tokens_of_capability", fields=("capability",)),
        )

    def __str__(self) -> str:
        return f"{self.method} v{self.version}"
