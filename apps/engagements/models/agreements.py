"""保密协议: where the need asks for one, both sides confirm it before anything else opens."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.engagements.models.cases import Engagement


class Agreement(PublicIdModel):
    """The document is made from this row: the names are those of the moment in which each side confirmed."""

    engagement = models.OneToOneField(
        Engagement, on_delete=models.PROTECT, related_name="agreement", verbose_name=_("对接")
    )
    text_version = models.CharField(_("文本版本"), max_length=20)
    need_party = models.CharField(_("需求方名称"), max_length=100, blank=True, validators=[validate_text])
    need_confirmed_at = models.DateTimeField(_("需求方确认时间"), null=True, blank=True)
    need_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    capability_party = models.CharField(_("供给方名称"), max_length=100, blank=True, validators=[validate_text])
    capability_confirmed_at = models.DateTimeField(_("供给方确认时间"), null=True, blank=True)
    capability_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("生效时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("保密协议")
        verbose_name_plural = _("保密协议")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="agreement_signed_by_both",
                condition=Q(signed_at__isnull=True)
                | Q(
                    need_confirmed_at__isnull=False,
                    need_confirmed_by__isnull=False,
                    capability_confirmed_at__isnull=False,
                    capability_confirmed_by__isnull=False,
                ),
            ),
        )

    def __str__(self) -> str:
        return self.public_id
