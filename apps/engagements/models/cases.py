"""对接: what follows once both sides have accepted, with its present step."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.regions import in_region_of, works_city_wide, works_in_districts
from apps.accounts.selectors import Viewer, is_broker, organisation_of
from apps.core import clock
from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.matching.models import Proposal


class EngagementState(models.TextChoices):
    """In the order in which a case goes through them."""

    INTRODUCED = "introduced", _("接洽")
    NEGOTIATING = "negotiating", _("洽谈")
    SOLUTION = "solution", _("方案")
    CONTRACTED = "contracted", _("签约")
    IN_PROGRESS = "in_progress", _("实施")
    DELIVERED = "delivered", _("验收")
    ENDED = "ended", _("终止")


class EndReason(models.TextChoices):
    """Why a case ended, or an outcome was not reached."""

    INDICATOR_MISSED = "indicator_missed", _("技术指标达不到")
    COST = "cost", _("费用或资金")
    TIME = "time", _("进度赶不上")
    NEED_CHANGED = "need_changed", _("需求或市场变化")
    NO_AGREEMENT = "no_agreement", _("未谈拢合作条件")
    SOLVED_ELSEWHERE = "solved_elsewhere", _("已用其他办法解决")
    PEOPLE = "people", _("人员或组织变动")
    NO_RESPONSE = "no_response", _("一方不再回应")
    OTHER = "other", _("其他原因")


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, user: Viewer) -> "EngagementQuerySet":
        """Both sides; people of the platform where one side lies in their region; the broker who has the case."""
        if works_city_wide(user):
            return self
        organisation = organisation_of(user)
        seen = Q(pk__in=[])
        for side in ("proposal__need__organisation", "proposal__capability__organisation"):
            if organisation is not None:
                seen |= Q(**{side: organisation})
            if works_in_districts(user):
                seen |= in_region_of(user, f"{side}__district")
        return self.filter(seen | Q(broker=user) if is_broker(user) else seen)

    def running(self) -> "EngagementQuerySet":
        """Not given up; delivered ones count, as their outcomes are still to come."""
        return self.exclude(state=EngagementState.ENDED)


class Engagement(PublicIdModel):
    """One case. Its step is `state` with an owner, what to do next, and by which day.

    `awaits_agreement` is true until both sides have confirmed the non-disclosure agreement that the need asks for:
    till then nobody's name, contact or file is shown.
    """

    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, related_name="engagement", verbose_name=_("推荐")
    )
    state = models.CharField(_("阶段"), max_length=12, choices=EngagementState, default=EngagementState.INTRODUCED)
    opened_at = models.DateTimeField(_("对接时间"), db_index=True)
    state_since = models.DateTimeField(_("进入本阶段的时间"), default=clock.now)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("负责人"),
    )
    next_action = models.CharField(_("下一步"), max_length=120, blank=True, validators=[validate_text])
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("技术经纪人"),
    )
    awaits_agreement = models.BooleanField(_("等待保密协议"), default=False)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("终止人"),
    )
    end_reason = models.CharField(_("终止原因"), max_length=20, choices=EndReason, blank=True)
    end_note = models.CharField(_("终止说明"), max_length=500, blank=True, validators=[validate_text])

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("对接")
        verbose_name_plural = _("对接")
        ordering = ("-opened_at", "-id")
        indexes = (models.Index(fields=("state", "due_on"), name="engagement_step"),)
        constraints = (
            models.CheckConstraint(
                name="engagement_ended_with_reason", condition=~Q(state="ended") | ~Q(end_reason="")
            ),
        )

    def __str__(self) -> str:
        return str(self.proposal)

    @property
    def revision(self) -> str:
        """Changes whenever the step does: whoever changes it names what they read."""
        return self.updated_at.isoformat()

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on < clock.today() and self.state not in CLOSED_STATES


CLOSED_STATES = (EngagementState.DELIVERED, EngagementState.ENDED)
