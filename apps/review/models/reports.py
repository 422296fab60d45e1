"""举报: somebody says that something public is wrong."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability
from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.followups.models import Story
from apps.needs.models import Need
from apps.review.models.subjects import exactly_one, version_of

SUBJECTS = ("organisation", "need", "capability", "story")


class ReportReason(models.TextChoices):
    FALSE = "false", _("内容虚假")
    OUTDATED = "outdated", _("内容过期")
    RIGHTS = "rights", _("侵犯权利")
    ADVERTISING = "advertising", _("留联系方式或做广告")
    OTHER = "other", _("其他")


class ReportState(models.TextChoices):
    OPEN = "open", _("待处理")
    ASKED = "asked", _("已请发布方核实")
    KEPT = "kept", _("保留")
    TAKEN_DOWN = "taken_down", _("已下架")


WAITING = (ReportState.OPEN, ReportState.ASKED)


class Report(PublicIdModel):
    """Its owner never learns who reported."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="+")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, null=True, related_name="+")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, null=True, related_name="+")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports", verbose_name=_("举报人")
    )
    reason = models.CharField(_("原因"), max_length=12, choices=ReportReason)
    text = models.TextField(_("具体情况"), max_length=500, blank=True, validators=[validate_text])
    state = models.CharField(_("状态"), max_length=12, choices=ReportState, default=ReportState.OPEN)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("处理人")
    )
    answered_at = models.DateTimeField(_("处理时间"), null=True)
    answer = models.CharField(_("处理说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("举报")
        verbose_name_plural = _("举报")
        ordering = ("created_at", "id")
        indexes = (models.Index(fields=("state", "created_at"), name="report_waiting"),)
        constraints = (
            models.CheckConstraint(name="report_of_one_row", condition=exactly_one(*SUBJECTS)),
            models.CheckConstraint(
                name="report_answered_by_somebody",
                condition=Q(state="open") | Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    name=f"report_one_open_of_{name}",
                    fields=(name, "reporter"),
                    condition=Q(state__in=("open", "asked"), **{f"{name}__isnull": False}),
                )
                for name in SUBJECTS
            ),
        )

    def __str__(self) -> str:
        return str(self.get_reason_display())

    @property
    def subject(self) -> Organisation | Need | Capability | Story:
        found = self.organisation or self.need or self.capability or self.story
        assert found is not None  # noqa: S101  (held by the constraint, told to the type checker)
        return found

    @property
    def subject_kind(self) -> str:
        return next(name for name in SUBJECTS if getattr(self, f"{name}_id") is not None)

    @property
    def subject_version(self) -> int:
        """Of what was reported: a reviewer's answer is about what they read."""
        return version_of(self.subject)

    @property
    def told_reporter(self) -> str:
        """Why it was kept. What was said when it was put to its publisher, or taken down, was said to them."""
        return self.answer if self.state == ReportState.KEPT else ""

    @property
    def is_open(self) -> bool:
        return self.state in WAITING
