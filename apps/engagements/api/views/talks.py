"""Messages and meetings of an engagement: for the two sides and their broker."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.views import PlatformViewSet, found
from apps.engagements import services
from apps.engagements.api.serializers.talks import (
    MeetingChangesSerializer,
    MeetingPlanSerializer,
    MeetingSerializer,
    MessageSerializer,
    MessageTextSerializer,
)
from apps.engagements.api.views.described import Keeps, described
from apps.engagements.desk.settling import message_settle as settle
from apps.engagements.models import Engagement, Meeting, Message
from apps.engagements.permissions import can_read_talk


def _told(summary: Any, request: Any, answer: Any, code: int = 200) -> Keeps:
    return described("talk", summary, request, answer, code)


class TalkActions(PlatformViewSet):
    """Mixed into the endpoint of engagements."""

    def engagement(self) -> Engagement:
        raise NotImplementedError

    @_told(_("对接内的消息，最新的在前"), None, MessageSerializer(many=True))
    @action(detail=True, methods=["get"])
    def messages(self, request: Request, public_id: str) -> Response:
        rows = Message.objects.visible_to(self.person).filter(engagement=self._readable())
        page = self.paginate_queryset(rows.select_related("author").prefetch_related("files"))
        return self.get_paginated_response(MessageSerializer(page or [], many=True).data)

    @_told(_("发消息"), MessageTextSerializer, MessageSerializer, 201)
    @messages.mapping.post
    def message_send(self, request: Request, public_id: str) -> Response:
        fields = self.valid(MessageTextSerializer)
        message = services.message_send(engagement=self.engagement(), by=self.person, **fields)
        return Response(MessageSerializer(message).data, status=status.HTTP_201_CREATED)

    @_told(_("对接的会议"), None, MeetingSerializer(many=True))
    @action(detail=True, methods=["get"])
    def meetings(self, request: Request, public_id: str) -> Response:
        rows = Meeting.objects.visible_to(self.person).filter(engagement=self._readable())
        page = self.paginate_queryset(rows.select_related("planned_by"))
        return self.get_paginated_response(MeetingSerializer(page or [], many=True).data)

    @_told(_("安排会议"), MeetingPlanSerializer, MeetingSerializer, 201)
    @meetings.mapping.post
    def meeting_plan(self, request: Request, public_id: str) -> Response:
        fields = self.valid(MeetingPlanSerializer)
        meeting = services.meeting_plan(engagement=self.engagement(), by=self.person, **fields)
        return Response(MeetingSerializer(meeting).data, status=status.HTTP_201_CREATED)

    @_told(_("消息已读、无需回复，停止答复计时"), None, None, 204)
    @action(detail=True, methods=["post"], url_path="messages/settle")
    def message_settle(self, request: Request, public_id: str) -> Response:
        settle(engagement=self._readable(), by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _readable(self) -> Engagement:
        engagement = self.engagement()
        can_read_talk(self.person, engagement).require()
        return engagement


@extend_schema_view(
    partial_update=_told(_("修改会议"), MeetingChangesSerializer, MeetingSerializer),
    cancel=_told(_("取消会议"), None, MeetingSerializer),
)
class MeetingViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = MeetingSerializer
    queryset = Meeting.objects.none()  # tells the schema the model; rows come from what the person may see

    def partial_update(self, request: Request, public_id: str) -> Response:
        fields = self.valid(MeetingChangesSerializer)
        meeting = services.meeting_change(meeting=self._row(), by=self.person, **fields)
        return Response(MeetingSerializer(meeting).data)

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, public_id: str) -> Response:
        return Response(MeetingSerializer(services.meeting_cancel(meeting=self._row(), by=self.person)).data)

    def _row(self) -> Meeting:
        rows = Meeting.objects.visible_to(self.person).select_related("engagement")
        return found(rows.filter(public_id=self.kwargs["public_id"]).first())
