"""Proposals: one need paired with one capability, with score, reasons and answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation
from apps.accounts.regions import in_region_of, works_city_wide, works_in_districts
from apps.accounts.selectors import Viewer, organisation_of
from apps.capabilities.models import Capability, CapabilityState
from apps.core.models import PublicIdModel
from apps.matching.assignments import assigned_to
from apps.matching.models.rankers import Ranker
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Vocabulary, term_field


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

    @property
    def other(self) -> "Side":
        return Side.CAPABILITY if self == Side.NEED else Side.NEED


GONE = (ProposalState.DECLINED, ProposalState.TIMED_OUT)
"""Off the lists, and not brought back by a match; people may still answer."""


UNSEEN_NEEDS = (NeedState.DRAFT, NeedState.SUBMITTED, NeedState.RETURNED)
UNSEEN_CAPABILITIES = (CapabilityState.DRAFT, CapabilityState.SUBMITTED, CapabilityState.RETURNED)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Viewer) -> "ProposalQuerySet":
        """People of the platform see those of their region, and what is assigned to them; each side sees its own.

        The supplier does not before a brokers-only need says yes. What the other side has taken back to its drafts
        stays its own business until both have accepted.
        """
        if works_city_wide(user):
            return self
        if works_in_districts(user):
            districts = ("need__organisation__district", "capability__organisation__district")
            return self.filter(in_region_of(user, *districts) | assigned_to(user))
        organisation = organisation_of(user)
        return self.none() if organisation is None else self.filter(_asks(organisation) | _supplies(organisation))

    def all_visible_to(self, user: Viewer) -> "ProposalQuerySet":
        """The same rows, for a list of all of them: each side is found by its own index.

        Asked for both at once, a database reads every pair of the city; a single pair is found sooner by `visible_to`.
        """
        organisation = organisation_of(user)
        if works_city_wide(user) or works_in_districts(user) or organisation is None:
            return self.visible_to(user)
        has = {model: model.objects.filter(organisation=organisation).exists() for model in (Need, Capability)}
        if not all(has.values()):  # most of them only ask, or only supply: one reading finds their pairs
            return self.filter(_asks(organisation) if has[Need] else _supplies(organisation))
        sides = [self.order_by().filter(side(organisation)).values("pk") for side in (_asks, _supplies)]
        return self.filter(pk__in=sides[0].union(sides[1]))


def _asks(organisation: Organisation) -> Q:
    accepted = Q(state=ProposalState.ACCEPTED)
    return Q(need__organisation=organisation) & (accepted | ~Q(capability__state__in=UNSEEN_CAPABILITIES))


def _supplies(organisation: Organisation) -> Q:
    accepted = Q(state=ProposalState.ACCEPTED)
    may_know = ~Q(need__disclosure=Disclosure.BROKERS) | Q(need_accepted_at__isnull=False)
    return Q(capability__organisation=organisation) & (accepted | ~Q(need__state__in=UNSEEN_NEEDS)) & may_know


class Proposal(PublicIdModel):
    """One need paired with one capability. Scores are points, 0 to 100; `parts` and `reasons` are the engine's JSON.

    `rank` is the place in the need's latest list, null once it dropped out; a pair that somebody answered stays.
    `notes` says, as JSON, what moved it in the list besides its score (a cap, an earlier answer).
    """

    # Of both sides there are indexes below that begin with them; one more each would only have to be written.
    need = models.ForeignKey(
        Need, on_delete=models.CASCADE, related_name="proposals", db_index=False, verbose_name=_("需求")
    )
    capability = models.ForeignKey(
        Capability, on_delete=models.CASCADE, related_name="proposals", db_index=False, verbose_name=_("创新资源")
    )
    state = models.CharField(_("状态"), max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    score = models.FloatField(_("匹配度"))
    rank = models.PositiveIntegerField(_("名次"), null=True)
    parts = models.JSONField(_("得分构成"), default=list)
    reasons = models.JSONField(_("推荐理由"), default=list)
    shared_terms = models.JSONField(_("共同术语"), default=list)
    indicator_verdicts = models.JSONField(_("指标比对"), default=list)
    engine_version = models.CharField(_("引擎版本"), max_length=40)
    ranker = models.ForeignKey(
        Ranker, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("排序模型")
    )
    notes = models.JSONField(_("排序说明"), default=list)
    need_version = models.PositiveIntegerField()
    capability_version = models.PositiveIntegerField()
    proposed_at = models.DateTimeField(_("推荐时间"), db_index=True)

    need_viewed_rank = models.PositiveIntegerField(_("需求方首次查看时的名次"), null=True)
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
            models.Index(fields=("-score", "id"), name="proposal_best"),
            models.Index(fields=("need", "rank"), name="proposal_need_rank"),
            models.Index(fields=("capability", "-score"), name="proposal_capability_score"),
            # what waits for one side: few states of the hundreds of pairs a need has, of the thousands an institute has
            models.Index(fields=("need", "state"), name="proposal_need_state"),
            # and all that says whether such a pair still counts and is shown, so that none is read to be counted
            models.Index(
                fields=(
                    *("capability", "state", "need", "need_version", "capability_version"),
                    *("-score", "need_accepted_at", "id"),
                ),
                name="proposal_counted",
            ),
            models.Index(fields=("updated_at",), name="proposal_updated"),  # the figures follow what changed
            # What stands in a list now: few of all pairs, and of those an institute has (`apps.matching.exposure`).
            models.Index(fields=("capability",), name="proposal_open_places", condition=Q(rank__isnull=False)),
            models.Index(fields=("-score", "id"), name="proposal_listed", condition=Q(rank__isnull=False)),
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
