"""The broker's desk: what was handed to brokers, what they said on the telephone, and pairs they recommended."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.regions import in_region_of, works_city_wide, works_in_districts
from apps.accounts.selectors import Viewer, is_broker
from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.engagements.models.cases import Engagement
from apps.matching.models import Proposal
from apps.needs.models import Need


class ReferralKind(models.TextChoices):
    """Why something came to the desk."""

    CASE = "case", _("对接跟进")
    CASE_STUCK = "case_stuck", _("对接停滞")
    STEP_OVERDUE = "step_overdue", _("步骤逾期")
    MESSAGE_UNANSWERED = "message_unanswered", _("消息未回复")
    OUTCOME_UNANSWERED = "outcome_unanswered", _("成效未确认")
    AGREEMENT_UNANSWERED = "agreement_unanswered", _("保密协议未确认")
    PROPOSAL_TIMED_OUT = "proposal_timed_out", _("推荐超时未答复")
    LIST_UNANSWERED = "list_unanswered", _("推荐名单未答复")
    NEED_WITHOUT_REPLY = "need_without_reply", _("需求无人响应")


class ReferralResult(models.TextChoices):
    ANSWERED = "answered", _("已促成答复")
    PAIRED = "paired", _("已另行推荐")
    GOES_ON = "goes_on", _("对接已恢复推进")
    NO_WISH = "no_wish", _("当事方无意继续")
    LAPSED = "lapsed", _("情况已解除")
    OTHER = "other", _("其他")


OVERDUE_KINDS = (
    ReferralKind.STEP_OVERDUE,
    ReferralKind.MESSAGE_UNANSWERED,
    ReferralKind.OUTCOME_UNANSWERED,
    ReferralKind.AGREEMENT_UNANSWERED,
    ReferralKind.PROPOSAL_TIMED_OUT,
    ReferralKind.LIST_UNANSWERED,
)


def of_desk(user: Viewer, *, capability: str, holder: Q) -> Q:
    """Rows about needs that lie in the person's region, or whose capability (`capability` leads to it) does.

    `holder`: what is theirs wherever it lies. Nobody but the platform's people sees any.
    """
    if works_city_wide(user):
        return ~Q(pk__in=[])
    if not works_in_districts(user):
        return Q(pk__in=[])
    region = in_region_of(user, "need__organisation__district", f"{capability}organisation__district")
    return region | holder if is_broker(user) else region


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: Viewer) -> "ReferralQuerySet":
        """For brokers and staff: of their region, and what they were given."""
        holder = Q(taken_by=user.pk) | Q(engagement__broker=user.pk)
        return self.filter(of_desk(user, capability="proposal__capability__", holder=holder))

    def open(self) -> "ReferralQuerySet":
        return self.filter(closed_at__isnull=True)


class Referral(PublicIdModel):
    """转办: one matter handed to the brokers, of a need, a pair or a case; what it is about has one open at a time.

    `since` is when the matter began, `opened_at` when it came to the desk. Of a case, `taken_by` is the case's broker.
    """

    kind = models.CharField(_("事由"), max_length=20, choices=ReferralKind)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="referrals", verbose_name=_("需求"))
    proposal = models.ForeignKey(
        Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="referrals", verbose_name=_("推荐")
    )
    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, null=True, blank=True, related_name="referrals", verbose_name=_("对接")
    )
    since = models.DateTimeField(_("起始时间"))
    opened_at = models.DateTimeField(_("转办时间"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("技术经纪人"),
    )
    taken_at = models.DateTimeField(_("领取时间"), null=True, blank=True)
    next_action = models.CharField(_("下一步"), max_length=120, blank=True, validators=[validate_text])
    next_on = models.DateField(_("计划日期"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("办结人"),
    )
    result = models.CharField(_("办理结果"), max_length=10, choices=ReferralResult, blank=True)
    result_note = models.CharField(_("结果说明"), max_length=500, blank=True, validators=[validate_text])

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("转办事项")
        verbose_name_plural = _("转办事项")
        ordering = ("since", "id")
        indexes = (
            models.Index(fields=("since", "id"), condition=Q(closed_at__isnull=True), name="referral_open"),
            models.Index(fields=("taken_by", "since"), condition=Q(closed_at__isnull=True), name="referral_taken"),
        )
        constraints = (
            models.UniqueConstraint(
                name="referral_once_of_need",
                fields=("kind", "need"),
                condition=Q(closed_at__isnull=True, proposal__isnull=True),
            ),
            models.UniqueConstraint(
                name="referral_once_of_pair",
                fields=("kind", "proposal"),
                condition=Q(closed_at__isnull=True, proposal__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_case_with_pair",
                condition=Q(engagement__isnull=True) | Q(proposal__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_closed_with_result", condition=Q(closed_at__isnull=True) | ~Q(result="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.need}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def revision(self) -> str:
        """Changes whenever the row does: whoever changes it names what they read."""
        return self.updated_at.isoformat()


class CallSide(models.TextChoices):
    NEED = "need", _("需求方")
    CAPABILITY = "capability", _("供给方")
    OTHER = "other", _("其他人")


class PhoneCallQuerySet(models.QuerySet["PhoneCall"]):
    def visible_to(self, user: Viewer) -> "PhoneCallQuerySet":
        """For brokers of the region and staff, and whoever made the call; never for the two sides."""
        holder = Q(by=user.pk) | Q(engagement__broker=user.pk)
        return self.filter(of_desk(user, capability="proposal__capability__", holder=holder))


class PhoneCall(PublicIdModel):
    """电话记录: of a need, and where there is one of its pair or case."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="calls", verbose_name=_("需求"))
    proposal = models.ForeignKey(
        Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="calls", verbose_name=_("推荐")
    )
    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, null=True, blank=True, related_name="calls", verbose_name=_("对接")
    )
    side = models.CharField(_("通话对象"), max_length=10, choices=CallSide)
    with_whom = models.CharField(_("姓名或称呼"), max_length=60, blank=True, validators=[validate_text])
    called_at = models.DateTimeField(_("通话时间"))
    result = models.TextField(_("通话结果"), max_length=1000, validators=[MaxLengthValidator(1000), validate_text])
    next_action = models.CharField(_("下一步"), max_length=120, blank=True, validators=[validate_text])
    next_on = models.DateField(_("计划日期"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("记录人")
    )

    objects = PhoneCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("电话记录")
        verbose_name_plural = _("电话记录")
        ordering = ("-called_at", "-id")
        indexes = (models.Index(fields=("need", "-called_at"), name="call_of_need"),)

    def __str__(self) -> str:
        return f"{self.get_side_display()} · {self.called_at:%Y-%m-%d}"


class Recommendation(models.Model):
    """Why a broker put a pair together: both sides read it beside the pair."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="recommendation")
    text = models.TextField(_("推荐理由"), max_length=500, validators=[MaxLengthValidator(500), validate_text])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("推荐时间"))

    class Meta:
        verbose_name = _("经纪人推荐")
        verbose_name_plural = _("经纪人推荐")

    def __str__(self) -> str:
        return self.text[:40]
