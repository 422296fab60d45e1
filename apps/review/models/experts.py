"""Whether an expert agrees to be listed."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import Capability
from apps.core.validators import validate_text


class ConfirmationState(models.TextChoices):
    WAITING = "waiting", _("待专家确认")
    CONFIRMED = "confirmed", _("专家已确认")
    DECLINED = "declined", _("专家不同意")
    DISPUTED = "disputed", _("专家指出内容有误")


def new_nonce() -> str:
    return secrets.token_hex(8)


class ExpertConfirmation(models.Model):
    """What the expert said of the listing. A new letter has a new `nonce`: links of earlier letters are dead then."""

    capability = models.OneToOneField(Capability, on_delete=models.CASCADE, related_name="expert_confirmation")
    email = models.EmailField(_("专家邮箱"))
    state = models.CharField(_("状态"), max_length=10, choices=ConfirmationState, default=ConfirmationState.WAITING)
    nonce = models.CharField(max_length=16, default=new_nonce, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("发起人")
    )
    asked_at = models.DateTimeField(_("发送时间"))
    sent_count = models.PositiveSmallIntegerField(_("发送次数"), default=1)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    note = models.CharField(_("说明"), max_length=300, blank=True, validators=[validate_text])
    # A reviewer who saw another proof (a signed letter, a call) confirms in the expert's place, with a note.
    proved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("核实人")
    )

    class Meta:
        verbose_name = _("专家确认")
        verbose_name_plural = _("专家确认")
        constraints = (
            models.CheckConstraint(
                name="confirmation_answered_has_time", condition=Q(state="waiting") | Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="confirmation_by_proof_has_note", condition=Q(proved_by__isnull=True) | ~Q(note="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.capability}"
