"""Shapes of imports."""

from rest_framework import serializers

from apps.imports.models import Import


class ImportSerializer(serializers.ModelSerializer[Import]):
    id = serializers.CharField(source="public_id", read_only=True)
    organisation = serializers.CharField(source="organisation.name", default="", read_only=True)

    class Meta:
        model = Import
        fields = (
            "id",
            "kind",
            "organisation",
            "file_name",
            "state",
            "total",
            "done",
            "created_count",
            "updated_count",
            "unchanged_count",
            "bad_count",
            "left_count",
            "error",
            "created_at",
            "started_at",
            "finished_at",
        )
        read_only_fields = fields
