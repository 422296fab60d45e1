"""What the two sides and their broker say to each other: messages with files, and meetings. Nobody else reads them."""

import uuid

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Viewer, organisation_of
from apps.core.models import PublicIdModel
from apps.core.validators import validate_text
from apps.engagements.models.cases import Engagement
from apps.engagements.models.columns import CaseFile
from apps.matching.models import Side

LONGEST_MESSAGE = 2000


class Voice(models.TextChoices):
    """For whom somebody speaks."""

    NEED = "need", _("需求方")
    CAPABILITY = "capability", _("供给方")
    BROKER = "broker", _("技术经纪人")


class Asked(models.TextChoices):
    """Whom a broker's message asks for an answer; everybody of the case reads it all the same."""

    BOTH = "both", _("双方")
    NEED = "need", _("需求方")
    CAPABILITY = "capability", _("供给方")
    NOBODY = "nobody", _("无需回复")

    @property
    def sides(self) -> list[Side]:
        return [side for side in Side if self.value in (Asked.BOTH, side.value)]


def of_party(user: Viewer, prefix: str) -> Q:
    """Rows of the cases in which the person is of one side, or the broker. `prefix` leads to the engagement."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    mine = Q(**{f"{prefix}broker": user}) if getattr(user, "is_broker", False) else Q(pk__in=[])
    organisation = organisation_of(user)
    if organisation is not None:
        for side in ("need", "capability"):
            mine |= Q(**{f"{prefix}proposal__{side}__organisation": organisation})
    return mine & Q(**{f"{prefix}awaits_agreement": False})


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Viewer) -> "MessageQuerySet":
        return self.filter(of_party(user, "engagement__"))


class Message(PublicIdModel):
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="messages")
    # The key of the form it came from: the same form sent twice makes one message.
    form_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("发送人")
    )
    voice = models.CharField(_("身份"), max_length=10, choices=Voice)
    # Of a broker's message; one of a side always asks the other side.
    asked = models.CharField(_("请谁回复"), max_length=10, choices=Asked, blank=True)
    text = models.TextField(
        _("消息"),
        max_length=LONGEST_MESSAGE,
        blank=True,
        validators=[MaxLengthValidator(LONGEST_MESSAGE), validate_text],
    )
    sent_at = models.DateTimeField(_("发送时间"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        ordering = ("-sent_at", "-id")
        indexes = (models.Index(fields=("engagement", "-sent_at"), name="message_of_case"),)

    def __str__(self) -> str:
        return self.public_id


class MessageFile(CaseFile):
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="files")

    class Meta(CaseFile.Meta):
        verbose_name = _("消息附件")
        verbose_name_plural = _("消息附件")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Viewer) -> "MeetingQuerySet":
        return self.filter(of_party(user, "engagement__"))


class Meeting(PublicIdModel):
    """`sequence` counts its changes, as calendars ask for (RFC 5545, 3.8.7.4)."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(_("会议主题"), max_length=100, validators=[validate_text])
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    place = models.CharField(_("地点或线上会议地址"), max_length=200, validators=[validate_text])
    agenda = models.TextField(
        _("议题"), max_length=1000, blank=True, validators=[MaxLengthValidator(1000), validate_text]
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("发起人")
    )
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("会议")
        verbose_name_plural = _("会议")
        ordering = ("starts_at", "id")
        constraints = (
            models.CheckConstraint(
                name="meeting_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("结束时间应晚于开始时间。"),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def revision(self) -> str:
        """Changes whenever the row does."""
        return self.updated_at.isoformat()
