"""Requests to match (the jobs), and proposals (their results)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.accounts.selectors import Viewer, is_broker, is_reviewer, organisation_of
from apps.capabilities.models import Capability, CapabilityState
from apps.core.models import PublicIdModel
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Vocabulary, term_field


class RequestState(models.TextChoices):
    PENDING = "pending", _("等待匹配")
    RUNNING = "running", _("匹配中")
    DONE = "done", _("已完成")
    SUPERSEDED = "superseded", _("已被新版本取代")
    FAILED = "failed", _("匹配失败")


class Priority(models.TextChoices):
    """Also the name of the queue that carries the hint."""

    INTERACTIVE = "interactive", _("即时")
    BULK = "bulk", _("批量")


class Stage(models.TextChoices):
    """What a person who waits is told."""

    QUEUED = "queued", _("排队中")
    READING = "reading", _("读取资源库")
    RANKING = "ranking", _("比对与排序")
    SAVING = "saving", _("生成推荐理由")
    FINISHED = "finished", _("已完成")


class MatchRequest(PublicIdModel):
    """One job: match one need against all capabilities, or one capability against all open needs.

    Written in the transaction of the change that caused it. `attempt` is the fence: a worker may finish a request only
    with the attempt it claimed.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="match_requests")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, null=True, related_name="match_requests")
    priority = models.CharField(max_length=12, choices=Priority, default=Priority.INTERACTIVE)
    state = models.CharField(_("状态"), max_length=12, choices=RequestState, default=RequestState.PENDING)
    input_version = models.PositiveIntegerField(_("输入版本"))
    attempt = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    due_at = models.DateTimeField(_("最早执行时间"))
    lease_until = models.DateTimeField(_("租约到期"), null=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    stage = models.CharField(_("进度"), max_length=10, choices=Stage, default=Stage.QUEUED)
    proposals_count = models.PositiveIntegerField(_("推荐数"), default=0)
    engine_version = models.CharField(_("引擎版本"), max_length=40, blank=True)
    error = models.CharField(_("错误"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("匹配请求")
        verbose_name_plural = _("匹配请求")
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "due_at"), name="request_due"),)
        constraints = (
            models.CheckConstraint(
                name="request_has_one_side",
                condition=Q(need__isnull=False, capability__isnull=True)
                | Q(need__isnull=True, capability__isnull=False),
            ),
            # While one waits, another for the same thing adds nothing.
            models.UniqueConstraint(name="request_need_waits_once", fields=("need",), condition=Q(state="pending")),
            models.UniqueConstraint(
                name="request_capability_waits_once", fields=("capability",), condition=Q(state="pending")
            ),
            models.CheckConstraint(
                name="request_running_has_lease", condition=~Q(state="running") | Q(lease_until__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"

    @property
    def is_finished(self) -> bool:
        return self.state in (RequestState.DONE, RequestState.SUPERSEDED, RequestState.FAILED)


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("已推荐")
    VIEWED = "viewed", _("已查看")
    INTERESTED = "interested", _("一方接受")
    ACCEPTED = "accepted", _("双方接受")
    DECLINED = "declined", _("婉拒")
    TIMED_OUT = "timed_out", _("超时")


class Side(models.TextChoices):
    NEED = "need", _("需求方")
    CAPABILITY = "capability", _("供给方")


UNSEEN_NEEDS = (NeedState.DRAFT, NeedState.SUBMITTED, NeedState.RETURNED)
UNSEEN_CAPABILITIES = (CapabilityState.DRAFT, CapabilityState.SUBMITTED, CapabilityState.RETURNED)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Viewer) -> "ProposalQuerySet":
        """Staff and brokers see all; each side sees its own, the supplier not before a brokers-only need says yes.

        What the other side has taken back to its drafts stays its own business until both have accepted.
        """
        if is_reviewer(user) or is_broker(user):
            return self
        organisation = organisation_of(user)
        if organisation is None:
            return self.none()
        accepted = Q(state=ProposalState.ACCEPTED)
        asker = Q(need__organisation=organisation) & (accepted | ~Q(capability__state__in=UNSEEN_CAPABILITIES))
        supplier = (
            Q(capability__organisation=organisation)
            & (accepted | ~Q(need__state__in=UNSEEN_NEEDS))
            & (~Q(need__disclosure=Disclosure.BROKERS) | Q(need_accepted_at__isnull=False))
        )
        return self.filter(asker | supplier)


class Proposal(PublicIdModel):
    """One need paired with one capability. Scores are points, 0 to 100; `parts` and `reasons` are the engine's JSON.

    `rank` is the place in the need's latest list, null once it dropped out; a pair that somebody answered stays.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("需求"))
    capability = models.ForeignKey(
        Capability, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("创新资源")
    )
    state = models.CharField(_("状态"), max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    score = models.FloatField(_("匹配度"))
    rank = models.PositiveIntegerField(_("名次"), null=True)
    parts = models.JSONField(_("得分构成"), default=list)
    reasons = models.JSONField(_("推荐理由"), default=list)
    shared_terms = models.JSONField(_("共同术语"), default=list)
    indicator_verdicts = models.JSONField(_("指标比对"), default=list)
    engine_version = models.CharField(_("引擎版本"), max_length=40)
    need_version = models.PositiveIntegerField()
    capability_version = models.PositiveIntegerField()
    proposed_at = models.DateTimeField(_("推荐时间"), db_index=True)

    need_viewed_at = models.DateTimeField(_("需求方查看时间"), null=True)
    capability_viewed_at = models.DateTimeField(_("供给方查看时间"), null=True)
    need_accepted_at = models.DateTimeField(_("需求方接受时间"), null=True)
    need_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    capability_accepted_at = models.DateTimeField(_("供给方接受时间"), null=True)
    capability_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(_("双方接受时间"), null=True, db_index=True)
    declined_at = models.DateTimeField(_("婉拒时间"), null=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    declined_side = models.CharField(_("婉拒方"), max_length=10, choices=Side, blank=True)
    decline_reason = term_field(Vocabulary.DECLINE_REASON, null=True, blank=True, verbose_name=_("婉拒原因"))
    decline_note = models.CharField(_("补充说明"), max_length=300, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("推荐")
        verbose_name_plural = _("推荐")
        ordering = ("-score", "id")
        indexes = (
            models.Index(fields=("need", "rank"), name="proposal_need_rank"),
            models.Index(fields=("capability", "-score"), name="proposal_capability_score"),
        )
        constraints = (
            models.UniqueConstraint(fields=("need", "capability"), name="proposal_pair"),
            models.CheckConstraint(name="proposal_score_in_points", condition=Q(score__gte=0, score__lte=100)),
            models.CheckConstraint(
                name="proposal_accepted_by_both",
                condition=~Q(state="accepted")
                | Q(
                    need_accepted_at__isnull=False,
                    capability_accepted_at__isnull=False,
                    accepted_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="proposal_declined_with_reason",
                condition=~Q(state="declined") | (Q(decline_reason__isnull=False) & ~Q(declined_side="")),
            ),
            models.CheckConstraint(
                name="proposal_interested_by_one",
                condition=~Q(state="interested")
                | Q(need_accepted_at__isnull=False, capability_accepted_at__isnull=True)
                | Q(need_accepted_at__isnull=True, capability_accepted_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.need} ↔ {self.capability}"
