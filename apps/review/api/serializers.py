"""Shapes of the review desk: queues, items, verdicts, reports and experts' confirmations."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.review.models import Outcome, Report, ReportReason, ReportState, Verdict, Withholding
from apps.review.models.subjects import Kind, kind_of, organisation_of_row
from apps.review.queues import QUEUES
from apps.review.services.withholding import LONGEST


class QueueSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    count = serializers.IntegerField()


class QueueChoiceSerializer(serializers.Serializer[Any]):
    queue = serializers.ChoiceField(choices=[(name, queue.label) for name, queue in QUEUES.items()], required=False)
    q = serializers.CharField(max_length=60, required=False, help_text=_("关键词"))
    district = serializers.CharField(max_length=60, required=False, help_text=_("区市代码"))


class QueueLineSerializer(serializers.Serializer[Any]):
    """One row of a queue. `kind` tells under which path it is decided."""

    id = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    organisation = serializers.CharField(allow_blank=True)
    waiting_since = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    looked_at_by = serializers.CharField(allow_blank=True)


class VerdictSerializer(serializers.ModelSerializer[Verdict]):
    reviewer = serializers.CharField(source="reviewer.name", read_only=True)

    class Meta:
        model = Verdict
        fields = ("outcome", "scores", "points", "suggested", "reason", "note", "reviewer", "version", "decided_at")
        read_only_fields = fields


class ChangeSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class ItemSerializer(serializers.Serializer[Any]):
    """`revision` and `version` are sent back with the verdict."""

    id = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    organisation = serializers.CharField()
    revision = serializers.IntegerField()
    version = serializers.IntegerField()
    waiting_since = serializers.DateTimeField()
    held_until = serializers.DateField(allow_null=True)
    criteria = serializers.DictField(child=serializers.CharField())
    content = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    changes = ChangeSerializer(many=True)
    verdicts = VerdictSerializer(many=True)


class DecisionSerializer(serializers.Serializer[Any]):
    """What the reviewer had before them, and what they say of it."""

    revision = serializers.IntegerField(min_value=0, help_text=_("读取时的 revision；期间若有别人处理则返回 409。"))
    version = serializers.IntegerField(min_value=0, help_text=_("读取时的 version；期间若内容有改动则返回 409。"))
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    scores = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=5), required=False)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    held_until = serializers.DateField(required=False, allow_null=True, default=None)


ABOUT = ("about", "about_id", "title", "subject_version")


class ReportSerializer(serializers.ModelSerializer[Report]):
    """As its reporter and reviewers see it; its owner sees nothing of it."""

    id = serializers.CharField(source="public_id", read_only=True)
    about = serializers.CharField(source="subject_kind", read_only=True)
    about_id = serializers.CharField(source="subject.public_id", read_only=True)
    title = serializers.CharField(source="subject", read_only=True)
    subject_version = serializers.IntegerField(read_only=True, help_text=_("被举报内容的版本，处理时作为 seen 送回"))

    class Meta:
        model = Report
        fields = ("id", *ABOUT, "reason", "text", "state", "answer", "created_at", "answered_at")
        read_only_fields = fields


class OwnReportSerializer(ReportSerializer):
    """Without what was said to the publisher."""

    answer = serializers.CharField(source="told_reporter", read_only=True)


class ReportMakeSerializer(serializers.Serializer[Any]):
    about = serializers.ChoiceField(choices=["organisations", "needs", "capabilities", "stories"])
    about_id = serializers.CharField(max_length=12)
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    text = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ReportAnswerSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=[choice for choice in ReportState.choices if choice[0] != ReportState.OPEN])
    text = serializers.CharField(max_length=300)
    seen = serializers.IntegerField(min_value=1, help_text=_("处理时看到的 subject_version；之后改过则答 409"))


class WithholdingSerializer(serializers.ModelSerializer[Withholding]):
    """Of the `row` of that `kind`; `lifted_at` is null while it is kept back."""

    id = serializers.CharField(source="public_id", read_only=True)
    kind = serializers.SerializerMethodField()
    row = serializers.CharField(source="row.public_id", read_only=True)
    title = serializers.CharField(source="row", read_only=True)
    organisation = serializers.SerializerMethodField()
    withheld_by = serializers.CharField(source="withheld_by.name", read_only=True)
    withheld_at = serializers.DateTimeField(source="created_at", read_only=True)
    lifted_by = serializers.CharField(source="lifted_by.name", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Withholding
        fields = (
            "id",
            "kind",
            "row",
            "title",
            "organisation",
            "reason",
            "withheld_by",
            "withheld_at",
            "lifted_at",
            "lifted_by",
            "lifted_note",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=Kind.choices))
    def get_kind(self, withholding: Withholding) -> str:
        return str(kind_of(withholding.row))

    def get_organisation(self, withholding: Withholding) -> str:
        return organisation_of_row(withholding.row).name


class LiftSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=LONGEST, help_text=_("恢复的理由"))


class ProofSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=300)


class AskSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)


class ConfirmationSerializer(serializers.Serializer[Any]):
    """An expert's word, and whether the listing is public."""

    id = serializers.CharField(source="capability.public_id")
    state = serializers.CharField()
    capability_state = serializers.CharField(source="capability.state")
    note = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class ListProofSerializer(ProofSerializer):
    organisation = serializers.CharField(max_length=12)
    shown_at = serializers.DateTimeField(help_text=_("看到名单的时间；之后提交或改过的专家不会被一起确认。"))
    names = serializers.ListField(child=serializers.CharField(max_length=60), max_length=20_000, required=False)


class ListProvedSerializer(serializers.Serializer[Any]):
    confirmed = serializers.IntegerField()
    waiting = serializers.IntegerField()
