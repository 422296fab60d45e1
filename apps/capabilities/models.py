"""能力 / 创新资源: what universities and institutes offer, in one model for all kinds.

Fields that people filter by and the matcher reads are columns; what only one kind has is in `details`, whose keys and
rules are `capabilities.kinds`.
"""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure, open_to
from apps.accounts.models import Organisation
from apps.accounts.selectors import Viewer
from apps.core import clock
from apps.core.indicators import IndicatorRow
from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.core.withheld import shown_of
from apps.taxonomy.models import Vocabulary, term_field, terms_field

DEFAULT_VALIDITY = timedelta(days=365)
MOST_TAGS = 8


def default_valid_until() -> date:
    return clock.today() + DEFAULT_VALIDITY


class CapabilityKind(models.TextChoices):
    RESULT = "result", _("成果")
    EXPERT = "expert", _("专家")
    LABORATORY = "laboratory", _("实验室")
    INSTRUMENT = "instrument", _("仪器设备")
    PILOT_BASE = "pilot_base", _("中试基地")
    SERVICE_TEAM = "service_team", _("服务团队")


class CapabilityState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("退回修改")
    PUBLISHED = "published", _("已发布")
    STALE = "stale", _("待确认")
    ARCHIVED = "archived", _("已下架")


EDITABLE_STATES = (CapabilityState.DRAFT, CapabilityState.RETURNED, CapabilityState.PUBLISHED, CapabilityState.STALE)


class CapabilityQuerySet(models.QuerySet["Capability"]):
    def open(self) -> "CapabilityQuerySet":
        """In the catalogue and matched: published, and not past its last day."""
        return self.filter(shown_of(Capability), state=CapabilityState.PUBLISHED, valid_until__gte=clock.today())

    def open_to(self, user: Viewer) -> "CapabilityQuerySet":
        """Open rows that are visible to the person: each condition once, what is kept back, too."""
        return self.open().filter(open_to(user, shown=Q()))

    def visible_to(self, user: Viewer) -> "CapabilityQuerySet":
        """What is past its last day is hidden from others, also before a task marks it as stale."""
        published = Q(state=CapabilityState.PUBLISHED, valid_until__gte=clock.today())
        return self.filter(open_to(user, shown=published & shown_of(Capability)))


class Source(models.TextChoices):
    FORM = "form", _("在线填写")
    IMPORT = "import", _("批量导入")


class Capability(PublicIdModel):
    """Lengths are the form's; which fields must be filled to publish is `capabilities.validators`' rule."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="capabilities", verbose_name=_("所属机构")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("填写人")
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("联系人"),
    )
    form_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(_("来源"), max_length=10, choices=Source, default=Source.FORM)
    external_id = models.CharField(_("外部编号"), max_length=100, blank=True, validators=[validate_text])
    state = models.CharField(_("状态"), max_length=10, choices=CapabilityState, default=CapabilityState.DRAFT)
    version = models.PositiveIntegerField(_("版本"), default=1)

    kind = models.CharField(_("类别"), max_length=12, choices=CapabilityKind)
    title = models.CharField(_("名称"), max_length=60, validators=[validate_text])
    value = models.CharField(_("一句话价值"), max_length=60, blank=True, validators=[validate_text])
    description = models.TextField(_("详细介绍"), max_length=4000, blank=True, validators=[validate_text])
    industries = terms_field(Vocabulary.INDUSTRY_CHAIN, blank=True, verbose_name=_("应用产业"))
    tech_fields = terms_field(Vocabulary.TECH_FIELD, blank=True, verbose_name=_("技术领域"))
    tags = terms_field(Vocabulary.TAG, blank=True, verbose_name=_("标签"))
    cooperation_modes = terms_field(Vocabulary.COOPERATION_MODE, blank=True, verbose_name=_("合作方式"))
    district = term_field(Vocabulary.DISTRICT, null=True, blank=True, verbose_name=_("所在区市"))
    trl = models.PositiveSmallIntegerField(
        _("成熟度（TRL）"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    details = models.JSONField(_("分类信息"), default=dict, blank=True)
    disclosure = models.CharField(_("公开范围"), max_length=20, choices=Disclosure, default=Disclosure.PUBLIC_NAMED)
    valid_until = models.DateField(_("有效期至"), default=default_valid_until)

    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, db_index=True)
    confirmed_at = models.DateTimeField(_("最近确认时间"), null=True, blank=True)
    return_reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    objects = CapabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("创新资源")
        verbose_name_plural = _("创新资源")
        ordering = ("-published_at", "-id")
        indexes = (
            # Counted by the owner beside what is withheld of it: `open`, without the texts.
            models.Index(fields=("state", "valid_until", "organisation"), name="capability_open"),
            # The newest first, and with it all that decides who may see them: a late page is found without the texts.
            models.Index(
                fields=("kind", "-published_at", "-id", "state", "valid_until", "disclosure", "organisation"),
                name="capability_kind",
            ),
            models.Index(
                fields=("state", "-published_at", "-id", "valid_until", "disclosure", "organisation"),
                name="capability_newest",
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="capability_published_has_date",
                condition=~Q(state__in=("published", "stale")) | Q(published_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="capability_external_id", fields=("organisation", "external_id"), condition=~Q(external_id="")
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == CapabilityState.PUBLISHED and self.valid_until >= clock.today()

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_STATES


class CapabilityIndicator(IndicatorRow):
    """What the capability reaches."""

    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, related_name="indicators")

    class Meta(IndicatorRow.Meta):
        verbose_name = _("技术指标")
        verbose_name_plural = _("技术指标")
