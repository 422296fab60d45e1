"""回访问卷: one side of a delivered case, asked some months later."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.accounts.regions import works_city_wide
from apps.accounts.selectors import Viewer, is_broker, is_reviewer, organisation_of
from apps.core import clock
from apps.core.models import PublicIdModel
from apps.engagements.models import Engagement
from apps.matching.models import Side


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def visible_to(self, user: Viewer) -> "QuestionnaireQuerySet":
        """The side that is asked, the case's own broker, and reviewers of the case's region: never the other side.

        Somebody of the platform who belongs to a side of the case is of that side, and has no duty in it.
        """
        organisation = organisation_of(user)
        if organisation is None:
            return self.filter(_by_duty(user))
        need, supply = _sides_of(organisation)
        return self.filter(_by_duty(user) & ~need & ~supply | _own(organisation))

    def of(self, organisation: Organisation) -> "QuestionnaireQuerySet":
        """Those that this organisation is to answer."""
        return self.filter(_own(organisation))

    def open(self) -> "QuestionnaireQuerySet":
        return self.filter(closes_at__gt=clock.now())

    def unanswered(self) -> "QuestionnaireQuerySet":
        return self.filter(answer=None)


def _by_duty(user: Viewer) -> Q:
    if is_reviewer(user):
        return Q() if works_city_wide(user) else Q(engagement__in=Engagement.objects.visible_to(user))
    return Q(engagement__broker=user.pk) if is_broker(user) else Q(pk__in=[])


def _own(organisation: Organisation) -> Q:
    need, supply = _sides_of(organisation)
    return Q(need, side=Side.NEED) | Q(supply, side=Side.CAPABILITY)


def _sides_of(organisation: Organisation) -> tuple[Q, Q]:
    """Of the cases in which it needs something, and of those in which it supplies."""
    pair = "engagement__proposal__"
    return Q(**{f"{pair}need__organisation": organisation}), Q(**{f"{pair}capability__organisation": organisation})


class Questionnaire(PublicIdModel):
    """Asked `months` after the delivery; answered, and corrected, until `closes_at`."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.PROTECT, related_name="questionnaires", verbose_name=_("对接")
    )
    side = models.CharField(_("填写方"), max_length=10, choices=Side)
    months = models.PositiveSmallIntegerField(_("验收后月数"))
    due_on = models.DateField(_("应回访日期"))
    opened_at = models.DateTimeField(_("发出时间"), db_index=True)
    closes_at = models.DateTimeField(_("截止时间"))
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("回访问卷")
        verbose_name_plural = _("回访问卷")
        ordering = ("-opened_at", "-id")
        indexes = (models.Index(fields=("opened_at",), condition=Q(reminded_at=None), name="questionnaire_unreminded"),)
        constraints = (
            models.UniqueConstraint(name="questionnaire_once", fields=("engagement", "side", "months")),
            models.CheckConstraint(name="questionnaire_closes_later", condition=Q(closes_at__gt=F("opened_at"))),
        )

    def __str__(self) -> str:
        return f"{self.engagement} · {self.months} · {self.side}"

    @property
    def is_open(self) -> bool:
        return self.closes_at > clock.now()

    @property
    def is_answered(self) -> bool:
        return hasattr(self, "answer")

    @property
    def organisation(self) -> Organisation:
        """Whose people answer."""
        proposal = self.engagement.proposal
        return proposal.need.organisation if self.side == Side.NEED else proposal.capability.organisation
