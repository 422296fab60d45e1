"""Terms of texts: what the engine counts in a need's or a capability's texts, kept so that they are cut once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import Capability
from apps.needs.models import Need


class TextTokens(models.Model):
    """What was read of one version of a row by one method: its counted terms, and a capability's figures.

    `method` names dictionary, synonyms, formats and what figures are read (index/tokens.py); `data` is what
    `counted.pack` made of one document; `figures` are those that its text promises beside the form's rows, as
    [name, low, high, unit]. Whoever reads `data` checks it: what is damaged is made anew.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="tokens")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, null=True, related_name="tokens")
    method = models.CharField(_("切分方法"), max_length=120)
    version = models.PositiveIntegerField(_("文本版本"))
    data = models.BinaryField(_("词项计数"))
    figures = models.JSONField(_("文中指标"), default=list)
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
