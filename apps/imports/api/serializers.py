"""Shapes of imports."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.tables.writing import MOST_SHEET_ROWS
from apps.imports.models import Import, ImportKind, ImportRemark, ImportState
from apps.imports.presentation import percent_of


class ImportSerializer(serializers.ModelSerializer[Import]):
    """`percent` is null while the length of the work is unknown."""

    id = serializers.CharField(source="public_id", read_only=True)
    organisation = serializers.CharField(source="organisation.name", default="", read_only=True)
    percent = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField(help_text=_("没有完成的原因"))

    class Meta:
        model = Import
        fields = (
            "id",
            "kind",
            "organisation",
            "file_name",
            "state",
            "percent",
            "total",
            "done",
            "created_count",
            "updated_count",
            "unchanged_count",
            "bad_count",
            "left_count",
            "error",
            "created_at",
            "checked_at",
            "started_at",
            "finished_at",
        )
        read_only_fields = fields

    def get_percent(self, job: Import) -> int | None:
        return percent_of(job)

    def get_error(self, job: Import) -> str:
        return job.failure if job.state == ImportState.FAILED else ""


class UploadSerializer(serializers.Serializer[Any]):
    """As multipart/form-data."""

    kind = serializers.ChoiceField(choices=ImportKind.choices)
    file = serializers.FileField(max_length=200, help_text=_(".xlsx 或 .csv，最大 50 MB、20 万行"))


class FieldSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    is_required = serializers.BooleanField()


class ColumnSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    heading = serializers.CharField(allow_blank=True)
    samples = serializers.ListField(child=serializers.CharField())
    meaning = serializers.CharField(allow_blank=True, help_text=_("推测的字段名；空为不导入"))


class ColumnsSerializer(serializers.Serializer[Any]):
    """The sheet as it would be read, and what its columns may mean."""

    sheets = serializers.ListField(child=serializers.CharField())
    sheet = serializers.CharField()
    heading_line = serializers.IntegerField()
    columns = ColumnSerializer(many=True)
    known = FieldSerializer(many=True)


class PlaceSerializer(serializers.Serializer[Any]):
    """Where the columns are: what is left out is as it was guessed."""

    sheet = serializers.CharField(max_length=100, required=False, allow_blank=True)
    heading_line = serializers.IntegerField(min_value=1, max_value=MOST_SHEET_ROWS, required=False)


class MappingSerializer(PlaceSerializer):
    """What is left out is as it was guessed, for the sheet and the line that are given."""

    mapping = serializers.DictField(
        child=serializers.CharField(max_length=60), required=False, help_text=_("列号（从 0 起）到字段名")
    )
    publish = serializers.BooleanField(required=False, default=True)


class RunSerializer(serializers.Serializer[Any]):
    all_or_nothing = serializers.BooleanField(required=False, default=False)
    seen = serializers.DateTimeField(
        required=False, help_text=_("看过的那次检查的 checked_at；之后又检查过时不导入（409）")
    )


class RemarkSerializer(serializers.ModelSerializer[ImportRemark]):
    class Meta:
        model = ImportRemark
        fields = ("kind", "line", "field", "message")
        read_only_fields = fields
