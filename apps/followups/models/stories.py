"""案例: what came of a case, told to everybody once both sides have agreed to each word."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.regions import works_city_wide
from apps.accounts.selectors import Viewer, is_broker, is_reviewer, organisation_of
from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.core.withheld import shown_of
from apps.engagements.models import Engagement, Outcome


class StoryState(models.TextChoices):
    DRAFT = "draft", _("待双方同意")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("退回修改")
    PUBLISHED = "published", _("已发布")


TEXTS = (
    "title",
    "summary",
    "problem",
    "approach",
    "result",
    "indicator_name",
    "indicator_unit",
    "before_value",
    "after_value",
    "quote",
    "quote_by",
)
"""Everything a story says in words."""


def picture_path(story: "Story", filename: str) -> str:
    return f"stories/{uuid.uuid4().hex}"


class StoryQuerySet(models.QuerySet["Story"]):
    def published(self) -> "StoryQuerySet":
        return self.filter(shown_of(Story), state=StoryState.PUBLISHED)

    def visible_to(self, user: Viewer) -> "StoryQuerySet":
        """Published ones to everybody; the others to both sides, the case's own broker, reviewers of its region."""
        if is_reviewer(user) and works_city_wide(user):
            return self
        seen = Q(shown_of(Story), state=StoryState.PUBLISHED) | self._parties(user)
        if is_reviewer(user):
            seen |= Q(outcome__engagement__in=Engagement.objects.visible_to(user))
        return self.filter(seen)

    def of(self, user: Viewer) -> "StoryQuerySet":
        """Those of cases that the person is a party to."""
        return self.filter(self._parties(user))

    def _parties(self, user: Viewer) -> Q:
        """A broker may be a member of an organisation too."""
        found = Q(outcome__engagement__broker=user.pk) if is_broker(user) else Q(pk__in=[])
        organisation = organisation_of(user)
        if organisation is not None:
            for row in ("need", "capability"):
                found |= Q(**{f"outcome__engagement__proposal__{row}__organisation": organisation})
        return found


class Story(PublicIdModel):
    """The story of one confirmed outcome. Each edit raises `version`; a side agrees to a version, and to no other.

    A side that is not named appears as what it is ("一所高校"), never by its name.
    """

    outcome = models.OneToOneField(Outcome, on_delete=models.PROTECT, related_name="story", verbose_name=_("成效"))
    state = models.CharField(_("状态"), max_length=10, choices=StoryState, default=StoryState.DRAFT)
    version = models.PositiveIntegerField(_("版本"), default=1)
    title = models.CharField(_("标题"), max_length=60, validators=[validate_text])
    summary = models.CharField(_("一句话摘要"), max_length=200, validators=[validate_text])
    problem = models.TextField(_("遇到的难题"), max_length=1000, validators=[validate_text])
    approach = models.TextField(_("解决的办法"), max_length=1000, validators=[validate_text])
    result = models.TextField(_("带来的变化"), max_length=1000, validators=[validate_text])
    indicator_name = models.CharField(_("改善的指标"), max_length=60, blank=True, validators=[validate_text])
    indicator_unit = models.CharField(_("单位"), max_length=20, blank=True, validators=[validate_text])
    before_value = models.CharField(_("改善前"), max_length=40, blank=True, validators=[validate_text])
    after_value = models.CharField(_("改善后"), max_length=40, blank=True, validators=[validate_text])
    quote = models.CharField(_("引用的一句话"), max_length=300, blank=True, validators=[validate_text])
    quote_by = models.CharField(_("谁说的"), max_length=60, blank=True, validators=[validate_text])
    names_need = models.BooleanField(_("显示需求方名称"), default=False)
    names_capability = models.BooleanField(_("显示供给方名称"), default=False)
    picture = models.FileField(_("图片"), upload_to=picture_path, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("起草人")
    )
    need_agreed_version = models.PositiveIntegerField(_("需求方同意的版本"), null=True, blank=True)
    capability_agreed_version = models.PositiveIntegerField(_("供给方同意的版本"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("提交审核时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审核人"),
    )
    return_reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("成功案例")
        verbose_name_plural = _("成功案例")
        ordering = ("-published_at", "-id")
        indexes = (models.Index(fields=("state", "-published_at"), name="story_published"),)
        constraints = (
            models.CheckConstraint(
                name="story_agreed_by_both",
                # A comparison with NULL would let a row through that nobody agreed to.
                condition=~Q(state__in=("submitted", "published"))
                | Q(
                    need_agreed_version__isnull=False,
                    capability_agreed_version__isnull=False,
                    need_agreed_version=F("version"),
                    capability_agreed_version=F("version"),
                ),
            ),
            models.CheckConstraint(
                name="story_published_with_time", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="story_returned_with_reason", condition=~Q(state="returned") | ~Q(return_reason="")
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def revision(self) -> str:
        """Changes with every step too, where `version` names the text alone: who takes it down names what they saw."""
        return self.updated_at.isoformat()
