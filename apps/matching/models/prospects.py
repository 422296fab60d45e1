"""Prospects: what has come for needs that ended without an answer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Viewer, organisation_of
from apps.capabilities.models import Capability
from apps.core.models import PublicIdModel
from apps.matching.models.rankers import Ranker
from apps.needs.models import Need


class ProspectQuerySet(models.QuerySet["Prospect"]):
    def visible_to(self, user: Viewer) -> "ProspectQuerySet":
        """The need's own organisation, as far as it may see the capability. Nobody of the supply side."""
        mine = self.filter(need__organisation=organisation_of(user)) if organisation_of(user) else self.none()
        return mine.filter(capability__in=Capability.objects.open_to(user))

    def current(self) -> "ProspectQuerySet":
        """Scored for the texts as they are now."""
        return self.filter(need_version=F("need__version"), capability_version=F("capability__version"))


class Prospect(PublicIdModel):
    """A capability that came after a need had left the board unmatched, and that fits it.

    Not a proposal: the need is nobody's business until its owner puts it back on the board, so only the owner is told.
    Once it is open again its match makes an ordinary proposal, with the same score, and prospects are forgotten.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="prospects", verbose_name=_("需求"))
    capability = models.ForeignKey(
        Capability, on_delete=models.CASCADE, related_name="prospects", verbose_name=_("创新资源")
    )
    score = models.FloatField(_("匹配度"))
    reasons = models.JSONField(_("推荐理由"), default=list)
    engine_version = models.CharField(_("引擎版本"), max_length=40)
    ranker = models.ForeignKey(Ranker, on_delete=models.PROTECT, related_name="+", verbose_name=_("排序模型"))
    need_version = models.PositiveIntegerField()
    capability_version = models.PositiveIntegerField()

    objects = ProspectQuerySet.as_manager()

    class Meta:
        verbose_name = _("往期需求的新资源")
        verbose_name_plural = _("往期需求的新资源")
        ordering = ("-score", "id")
        indexes = (models.Index(fields=("need", "-score"), name="prospect_need_score"),)
        constraints = (
            models.UniqueConstraint(fields=("need", "capability"), name="prospect_pair"),
            models.CheckConstraint(name="prospect_score_in_points", condition=Q(score__gte=0, score__lte=100)),
        )

    def __str__(self) -> str:
        return f"{self.need} ← {self.capability}"
