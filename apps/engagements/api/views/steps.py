"""The steps of an engagement: actions of its endpoint."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.views import PlatformViewSet
from apps.engagements import services
from apps.engagements.api.serializers.cases import EngagementSerializer
from apps.engagements.api.serializers.steps import EndSerializer, PlanSerializer, SeenSerializer
from apps.engagements.api.views.described import Keeps, described
from apps.engagements.models import Engagement


def _step(summary: Any, request: Any) -> Keeps:
    return described("engagements", summary, request, EngagementSerializer)


class StepActions(PlatformViewSet):
    """Mixed into the endpoint of engagements."""

    def engagement(self) -> Engagement:
        raise NotImplementedError

    @_step(_("进入下一步，并安排负责人、事项和期限"), PlanSerializer)
    @action(detail=True, methods=["post"])
    def advance(self, request: Request, public_id: str) -> Response:
        fields = self.valid(PlanSerializer)
        plan = PlanSerializer.plan(fields)
        services.engagement_advance(engagement=self.engagement(), by=self.person, plan=plan, seen=fields["seen"])
        return self._answer()

    @_step(_("退回上一步"), SeenSerializer)
    @action(detail=True, methods=["post"], url_path="step-back")
    def step_back(self, request: Request, public_id: str) -> Response:
        seen = self.valid(SeenSerializer)["seen"]
        services.engagement_step_back(engagement=self.engagement(), by=self.person, seen=seen)
        return self._answer()

    @_step(_("安排当前步骤的负责人、事项和期限"), PlanSerializer)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, public_id: str) -> Response:
        fields = self.valid(PlanSerializer)
        plan = PlanSerializer.plan(fields)
        services.engagement_plan(engagement=self.engagement(), by=self.person, plan=plan, seen=fields["seen"])
        return self._answer()

    @_step(_("终止对接，须写明原因"), EndSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, public_id: str) -> Response:
        services.engagement_end(engagement=self.engagement(), by=self.person, **self.valid(EndSerializer))
        return self._answer()

    def _answer(self) -> Response:
        return Response(EngagementSerializer(self.engagement(), context=self.get_serializer_context()).data)
