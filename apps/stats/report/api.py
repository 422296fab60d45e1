"""Monthly reports, for programs: listed, asked for, followed and taken away, by the same services as on the page."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.views import PlatformViewSet, found
from apps.stats.api import IsOfficial
from apps.stats.report.download import report_file
from apps.stats.report.models import MonthlyReport
from apps.stats.report.services import report_ask
from apps.taxonomy.models import Term, Vocabulary


class MonthlyReportSerializer(serializers.Serializer[MonthlyReport]):
    id = serializers.CharField(source="public_id")
    month = serializers.DateField(help_text=_("当月第一天"))
    district = serializers.CharField(source="district.code", allow_null=True, default=None, help_text=_("全市为空"))
    region = serializers.CharField()
    state = serializers.CharField()
    made_at = serializers.DateTimeField(allow_null=True)
    has_file = serializers.BooleanField()


class MonthlyReportAskSerializer(serializers.Serializer[Any]):
    month = serializers.DateField(help_text=_("当月第一天，如 2026-10-01"))
    district = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Term.objects.filter(vocabulary=Vocabulary.DISTRICT, is_active=True),
        required=False,
        allow_null=True,
        help_text=_("区市代码；不填为全市"),
    )


@extend_schema_view(
    list=extend_schema(summary=_("我能看到的月报"), responses=MonthlyReportSerializer),
    retrieve=extend_schema(summary=_("一份月报和编制进度"), responses=MonthlyReportSerializer),
    create=extend_schema(
        summary=_("编制或重新编制月报"), request=MonthlyReportAskSerializer, responses={201: MonthlyReportSerializer}
    ),
    file=extend_schema(summary=_("下载月报 PDF"), responses={(200, "application/pdf"): OpenApiTypes.BINARY}),
)
@extend_schema(tags=["stats"])
class MonthlyReportViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated, IsOfficial)
    serializer_class = MonthlyReportSerializer
    queryset = MonthlyReport.objects.none()  # names the model for the schema
    filter_backends = ()

    def list(self, request: Request) -> Response:
        rows = MonthlyReport.objects.visible_to(self.person).select_related("district").defer("content")
        return self.listed(rows, lambda row: row, MonthlyReportSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        return Response(MonthlyReportSerializer(self._report()).data)

    def create(self, request: Request) -> Response:
        given = self.valid(MonthlyReportAskSerializer)
        month = given["month"].replace(day=1)
        report = report_ask(month=month, district=given.get("district"), by=self.person)
        return Response(MonthlyReportSerializer(report).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["get"])
    def file(self, request: Request, public_id: str) -> HttpResponse:
        report = self._report()
        found(report if report.has_file else None)
        return report_file(report, by=self.person)

    def _report(self) -> MonthlyReport:
        rows = MonthlyReport.objects.visible_to(self.person).select_related("district")
        return found(rows.filter(public_id=self.kwargs["public_id"]).first())
