"""举报, for programs: made, looked up and answered."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.views import PlatformViewSet, found
from apps.review.api.serializers import (
    OwnReportSerializer,
    ReportAnswerSerializer,
    ReportMakeSerializer,
    ReportSerializer,
)
from apps.review.models import Report, ReportReason, ReportState
from apps.review.permissions import can_answer, can_use_desk
from apps.review.reported import RELATED, subject_for
from apps.review.services.reporting import report_answer, report_make


@extend_schema_view(
    list=extend_schema(summary=_("我的举报"), responses=OwnReportSerializer),
    retrieve=extend_schema(summary=_("一条举报：自己的，或由我处理的"), responses=ReportSerializer),
    create=extend_schema(
        summary=_("举报公开的内容"), request=ReportMakeSerializer, responses={201: OwnReportSerializer}
    ),
    answer=extend_schema(summary=_("处理举报"), request=ReportAnswerSerializer, responses=ReportSerializer),
)
@extend_schema(tags=["reports"])
class ReportViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = ReportSerializer
    queryset = Report.objects.none()  # names the model for the schema

    def list(self, request: Request) -> Response:
        mine = _reports().filter(reporter=self.person).order_by("-created_at", "-id")
        return self.listed(mine, lambda row: row, OwnReportSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        report = found(_reports().filter(public_id=public_id).first())
        if report.reporter_id == self.person.pk:
            return Response(OwnReportSerializer(report).data)
        can_use_desk(self.person).require()
        can_answer(self.person, report).require()
        return Response(ReportSerializer(report).data)

    def create(self, request: Request) -> Response:
        given = self.valid(ReportMakeSerializer)
        subject = subject_for(self.person, given["about"], given["about_id"])
        reason = ReportReason(given["reason"])
        report = report_make(subject=subject, by=self.person, reason=reason, text=given["text"])
        return Response(OwnReportSerializer(report).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def answer(self, request: Request, public_id: str) -> Response:
        can_use_desk(self.person).require()
        report = found(_reports().filter(public_id=public_id).first())
        can_answer(self.person, report).require()
        given = self.valid(ReportAnswerSerializer)
        report_answer(report=report, by=self.person, **given | {"state": ReportState(given["state"])})
        return Response(ReportSerializer(_reports().get(public_id=public_id)).data)


def _reports() -> QuerySet[Report]:
    return Report.objects.select_related(*RELATED)
