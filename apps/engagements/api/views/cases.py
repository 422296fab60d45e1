"""Engagements, and the outcomes that their sides report, confirm and reject."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import audit
from apps.core.api.parsers import BoundedJSONParser
from apps.core.api.views import PlatformViewSet, found
from apps.engagements import services
from apps.engagements.api.serializers.cases import EngagementCardSerializer, EngagementSerializer
from apps.engagements.api.serializers.outcomes import OutcomeReportSerializer, OutcomeSerializer
from apps.engagements.api.views.contracts import ContractActions
from apps.engagements.api.views.described import described
from apps.engagements.api.views.desk import CreditActions
from apps.engagements.api.views.steps import StepActions
from apps.engagements.api.views.talks import TalkActions
from apps.engagements.models import Engagement, EngagementState
from apps.engagements.selectors import agreements_of, engagements_for_page, engagements_of


class EngagementFilter(FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=EngagementState.choices)
    need = django_filters.CharFilter(field_name="proposal__need__public_id", max_length=12)
    capability = django_filters.CharFilter(field_name="proposal__capability__public_id", max_length=12)

    class Meta:
        model = Engagement
        fields = ("state",)


@extend_schema_view(
    list=extend_schema(summary=_("我参与的对接"), responses=EngagementCardSerializer, tags=["engagements"]),
    retrieve=extend_schema(summary=_("一项对接"), responses=EngagementSerializer, tags=["engagements"]),
)
class EngagementViewSet(StepActions, ContractActions, CreditActions, TalkActions, PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    parser_classes = (BoundedJSONParser, MultiPartParser)
    serializer_class = EngagementSerializer
    filterset_class = EngagementFilter
    queryset = Engagement.objects.none()  # tells the schema the model; rows come from what the person may see

    def list(self, request: Request) -> Response:
        return self.listed(engagements_of(self.person), lambda row: row, EngagementCardSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        engagement = self.engagement()
        answer = EngagementSerializer(engagement, context=self.get_serializer_context()).data
        if answer["contacts"]:
            audit.record_view(engagement, "contacts.seen", by=self.person, once_a_day=True)
        return Response(answer)

    @extend_schema(
        summary=_("填报成效"),
        request=OutcomeReportSerializer,
        responses={201: OutcomeSerializer},
        tags=["outcomes"],
        filters=False,
    )
    @action(detail=True, methods=["post"], url_path="outcomes")
    def report(self, request: Request, public_id: str) -> Response:
        fields = self.valid(OutcomeReportSerializer)
        outcome = services.outcome_report(engagement=self.engagement(), by=self.person, **fields)
        return Response(OutcomeSerializer(outcome).data, status=status.HTTP_201_CREATED)

    @described("engagements", _("本方确认保密协议，双方确认后开放联系方式和附件"), None, EngagementSerializer)
    @action(detail=True, methods=["post"], url_path="agreement/confirm")
    def agreement_confirm(self, request: Request, public_id: str) -> Response:
        agreement = found(agreements_of(self.person).filter(engagement=self.engagement()).first())
        services.agreement_confirm(agreement=agreement, by=self.person)
        return self.retrieve(request, public_id)

    def engagement(self) -> Engagement:
        return found(engagements_for_page(self.person).filter(public_id=self.kwargs["public_id"]).first())
