"""Imports, for programs: which there are and how far they are. Files are brought in the browser, where people look."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.views import PlatformViewSet, found
from apps.imports.api.serializers import ImportSerializer
from apps.imports.models import Import

TAGS = ["imports"]


@extend_schema_view(
    list=extend_schema(summary=_("我能看到的批量导入"), responses=ImportSerializer, tags=TAGS),
    retrieve=extend_schema(summary=_("一次批量导入的进度和结果"), responses=ImportSerializer, tags=TAGS),
)
class ImportViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = ImportSerializer
    queryset = Import.objects.none()  # names the model for the schema

    def list(self, request: Request) -> Response:
        rows = Import.objects.visible_to(self.person).select_related("organisation")
        return self.listed(rows, lambda row: row, ImportSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        rows = Import.objects.visible_to(self.person).select_related("organisation")
        return Response(ImportSerializer(found(rows.filter(public_id=public_id).first())).data)
