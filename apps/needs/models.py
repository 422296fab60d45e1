"""技术需求: what an enterprise wants solved, its indicators and its attachments."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
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

DEFAULT_VALIDITY = timedelta(days=90)
LONGEST_VALIDITY = timedelta(days=365)
MOST_TAGS = 8
LONGEST_ELEMENT = 120


def default_valid_until() -> date:
    return clock.today() + DEFAULT_VALIDITY


class NeedState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("退回修改")
    PUBLISHED = "published", _("已发布")
    ENGAGED = "engaged", _("对接中")
    SOLVED = "solved", _("已解决")
    UNMATCHED = "unmatched", _("未匹配")
    EXPIRED = "expired", _("已过期")
    CLOSED = "closed", _("已关闭")


OPEN_STATES = (NeedState.PUBLISHED, NeedState.ENGAGED)
ENDED_STATES = (NeedState.EXPIRED, NeedState.UNMATCHED)
EDITABLE_STATES = (NeedState.DRAFT, NeedState.RETURNED, NeedState.PUBLISHED)


class BudgetBand(models.TextChoices):
    NEGOTIABLE = "negotiable", _("面议")
    UNDER_10 = "under_10", _("10 万元以下")
    FROM_10 = "10_50", _("10–50 万元")
    FROM_50 = "50_100", _("50–100 万元")
    FROM_100 = "100_500", _("100–500 万元")
    OVER_500 = "over_500", _("500 万元以上")


class Source(models.TextChoices):
    FORM = "form", _("在线填写")
    IMPORT = "import", _("批量导入")


class NeedQuerySet(models.QuerySet["Need"]):
    def open(self) -> "NeedQuerySet":
        """On the board: published or engaged, and not past its last day."""
        return self.filter(shown_of(Need), state__in=OPEN_STATES, valid_until__gte=clock.today())

    def open_to(self, user: Viewer) -> "NeedQuerySet":
        """Open rows that are visible to the person: each condition once, what is kept back, too."""
        return self.open().filter(open_to(user, shown=Q()))

    def ended_unanswered(self, *, since: date) -> "NeedQuerySet":
        """Off the board since some day not before `since`: expired, or given up because nothing fitted."""
        expired = Q(state=NeedState.EXPIRED, valid_until__gte=since)
        given_up = Q(closed_at__date__gte=since) | Q(closed_at__isnull=True, valid_until__gte=since)
        return self.filter(expired | Q(given_up, state=NeedState.UNMATCHED), published_at__isnull=False)

    def visible_to(self, user: Viewer) -> "NeedQuerySet":
        """Solved ones stay; what is past its last day is hidden from others, also before a task marks it as expired."""
        on_board = Q(state__in=OPEN_STATES, valid_until__gte=clock.today())
        return self.filter(open_to(user, shown=(on_board | Q(state=NeedState.SOLVED)) & shown_of(Need)))


class Need(PublicIdModel):
    """Lengths are the form's; which fields must be filled to publish is `needs.validators`' rule."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="needs", verbose_name=_("需求单位")
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
    # The key of the form a draft came from: the same form sent twice makes one need.
    form_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(_("来源"), max_length=10, choices=Source, default=Source.FORM)
    external_id = models.CharField(_("外部编号"), max_length=100, blank=True, validators=[validate_text])
    state = models.CharField(_("状态"), max_length=10, choices=NeedState, default=NeedState.DRAFT)
    # Raised by every change of content: a stale form is refused, a stale match discarded.
    version = models.PositiveIntegerField(_("版本"), default=1)

    title = models.CharField(_("需求名称"), max_length=60, validators=[validate_text])
    need_type = term_field(Vocabulary.NEED_TYPE, null=True, blank=True, verbose_name=_("需求类型"))
    background = models.TextField(
        _("背景与现状"), max_length=1000, blank=True, validators=[MinLengthValidator(20), validate_text]
    )
    goal = models.TextField(
        _("拟解决的技术问题"), max_length=2000, blank=True, validators=[MinLengthValidator(20), validate_text]
    )
    industry_chain = term_field(Vocabulary.INDUSTRY_CHAIN, null=True, blank=True, verbose_name=_("所属产业链"))
    tech_fields = terms_field(Vocabulary.TECH_FIELD, blank=True, verbose_name=_("技术领域"))
    tags = terms_field(Vocabulary.TAG, blank=True, verbose_name=_("标签"))
    cooperation_modes = terms_field(Vocabulary.COOPERATION_MODE, blank=True, verbose_name=_("合作方式"))
    budget_band = models.CharField(_("拟投入资金"), max_length=12, choices=BudgetBand, blank=True)
    budget_wan = models.DecimalField(
        _("具体金额（万元）"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("仅本单位与平台工作人员可见"),
    )
    valid_until = models.DateField(_("需求有效期至"), default=default_valid_until)
    expected_months = models.PositiveSmallIntegerField(
        _("期望完成时限（月）"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(36)]
    )
    trl_now = models.PositiveSmallIntegerField(
        _("当前成熟度"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    trl_target = models.PositiveSmallIntegerField(
        _("目标成熟度"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    tried = models.TextField(_("已尝试的方案"), max_length=1000, blank=True, validators=[validate_text])
    unwanted = models.TextField(_("不接受的路线"), max_length=1000, blank=True, validators=[validate_text])
    partner_requirements = models.TextField(_("对合作方要求"), max_length=500, blank=True, validators=[validate_text])
    partner_region = models.CharField(_("合作方地域"), max_length=60, blank=True, validators=[validate_text])
    ip_terms = term_field(Vocabulary.IP_TERMS, null=True, blank=True, verbose_name=_("知识产权归属"))
    disclosure = models.CharField(_("公开范围"), max_length=20, choices=Disclosure, default=Disclosure.PUBLIC_ANONYMOUS)
    nda_required = models.BooleanField(_("需签保密协议"), default=False)

    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, db_index=True)
    confirmed_at = models.DateTimeField(_("最近确认时间"), null=True, blank=True, editable=False)
    # The first human reply from the supply side or a broker: an acceptance, a refusal, a bid, a call, a pair.
    first_replied_at = models.DateTimeField(_("首次答复时间"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    return_reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    # What was read from the text of that version: `elements`, and how clear it is. 0: not read yet.
    analysed_version = models.PositiveIntegerField(default=0, editable=False)
    clarity_points = models.PositiveSmallIntegerField(_("清晰度"), null=True, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("技术需求")
        verbose_name_plural = _("技术需求")
        ordering = ("-published_at", "-id")
        indexes = (models.Index(fields=("state", "valid_until"), name="need_open"),)
        constraints = (
            models.CheckConstraint(
                name="need_published_has_date",
                condition=~Q(state__in=("published", "engaged", "solved")) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="need_clarity_in_points",
                condition=Q(clarity_points__isnull=True) | Q(clarity_points__gte=0, clarity_points__lte=100),
            ),
            models.UniqueConstraint(
                name="need_external_id", fields=("organisation", "external_id"), condition=~Q(external_id="")
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES and self.valid_until >= clock.today()

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_STATES


class NeedIndicator(IndicatorRow):
    """主要技术指标 of a need. `current` is what the factory reaches today, in its own words."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="indicators")
    current = models.CharField(_("现状"), max_length=60, blank=True, validators=[validate_text])
    is_hard = models.BooleanField(_("硬性要求"), default=True)

    class Meta(IndicatorRow.Meta):
        verbose_name = _("技术指标")
        verbose_name_plural = _("技术指标")


class ElementKind(models.TextChoices):
    """In the order in which a form shows them."""

    PROBLEM = "problem", _("问题")
    OBJECT = "object", _("对象")
    PROCESS = "process", _("工艺")
    MATERIAL = "material", _("材料")
    INDICATOR = "indicator", _("指标")
    CONSTRAINT = "constraint", _("约束")


class ElementState(models.TextChoices):
    PROPOSED = "proposed", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REMOVED = "removed", _("已去掉")
    ADDED = "added", _("补充的")


class ElementField(models.TextChoices):
    """The texts that elements are read from, in the order of the form."""

    TITLE = "title", _("需求名称")
    BACKGROUND = "background", _("背景与现状")
    GOAL = "goal", _("拟解决的技术问题")


class NeedElement(models.Model):
    """需求要素: one part of a decomposed need.

    [start, end) are the characters of `field` it was read from, as of the need's `analysed_version`; all three are
    empty for what a person added in other words, and for what was removed and does not stand in the text any more.
    `confidence` is how sure the reader was, 0 to 1; None where a person wrote it.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="elements")
    kind = models.CharField(_("类别"), max_length=10, choices=ElementKind)
    text = models.CharField(_("要素"), max_length=LONGEST_ELEMENT, validators=[validate_text])
    field = models.CharField(_("出处"), max_length=10, choices=ElementField, blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    confidence = models.FloatField(_("把握"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=ElementState, default=ElementState.PROPOSED)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("需求要素")
        verbose_name_plural = _("需求要素")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(name="element_once", fields=("need", "kind", "text")),
            models.CheckConstraint(
                name="element_span_whole_or_none",
                condition=Q(field="", start__isnull=True, end__isnull=True)
                | (~Q(field="") & Q(start__isnull=False, end__gt=models.F("start"))),
            ),
            models.CheckConstraint(
                name="element_confidence_is_share",
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.text}"


class AttachmentVisibility(models.TextChoices):
    WITH_NEED = "with_need", _("与需求同样可见")
    AFTER_ACCEPTANCE = "after_acceptance", _("双方接受后可见")
    PRIVATE = "private", _("仅本单位与平台可见")


def attachment_path(attachment: "NeedAttachment", filename: str) -> str:
    """A random stored name: what a person called the file is kept in `name` only."""
    return f"needs/{uuid.uuid4().hex}"


class NeedAttachment(PublicIdModel):
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=attachment_path)
    name = models.CharField(_("文件名"), max_length=200, validators=[validate_text])
    content_type = models.CharField(_("文件类型"), max_length=100)
    size_bytes = models.PositiveIntegerField(_("大小（字节）"))
    visibility = models.CharField(
        _("可见范围"), max_length=20, choices=AttachmentVisibility, default=AttachmentVisibility.AFTER_ACCEPTANCE
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
