"""Engagements, and the outcomes that their sides report, confirm and reject."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.parsers import BoundedJSONParser
from apps.core.api.views import PlatformViewSet, found
from apps.engagements import services
from apps.engagements.api.serializers.outcomes import (
    ConfirmSerializer,
    OutcomeChangesSerializer,
    OutcomeSerializer,
    RejectSerializer,
)
from apps.engagements.models import Outcome, OutcomeState
from apps.engagements.selectors import outcomes_for_action


class OutcomeFilter(FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=OutcomeState.choices)
    outcome_type = django_filters.CharFilter(field_name="outcome_type__code", max_length=60)
    engagement = django_filters.CharFilter(field_name="engagement__public_id", max_length=12)
    occurred = django_filters.DateFromToRangeFilter(field_name="occurred_on")

    class Meta:
        model = Outcome
        fields = ("state",)


def _change(summary: Any, request: Any) -> Any:
    return extend_schema(summary=summary, request=request, responses=OutcomeSerializer, tags=["outcomes"])


@extend_schema_view(
    list=extend_schema(summary=_("我参与的对接的成效"), responses=OutcomeSerializer, tags=["outcomes"]),
    retrieve=extend_schema(summary=_("一条成效"), responses=OutcomeSerializer, tags=["outcomes"]),
    partial_update=_change(_("填报方修改未确认的成效"), OutcomeChangesSerializer),
    confirm=_change(_("对方确认"), ConfirmSerializer),
    reject=_change(_("对方驳回，须写明原因"), RejectSerializer),
)
class OutcomeViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    parser_classes = (BoundedJSONParser, MultiPartParser)
    serializer_class = OutcomeSerializer
    filterset_class = OutcomeFilter
    queryset = Outcome.objects.none()  # tells the schema the model; rows come from what the person may see

    def list(self, request: Request) -> Response:
        return self.listed(outcomes_for_action(self.person), lambda row: row, OutcomeSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        return self._shown()

    def partial_update(self, request: Request, public_id: str) -> Response:
        fields = self.valid(OutcomeChangesSerializer)
        services.outcome_correct(outcome=self._outcome(), by=self.person, **fields)
        return self._shown()

    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, public_id: str) -> Response:
        seen = self.valid(ConfirmSerializer).get("revision", "")
        services.outcome_confirm(outcome=self._outcome(), by=self.person, seen=seen)
        return self._shown()

    @action(detail=True, methods=["post"])
    def reject(self, request: Request, public_id: str) -> Response:
        services.outcome_reject(outcome=self._outcome(), by=self.person, **self.valid(RejectSerializer))
        return self._shown()

    def _outcome(self) -> Outcome:
        return found(outcomes_for_action(self.person).filter(public_id=self.kwargs["public_id"]).first())

    def _shown(self) -> Response:
        return Response(OutcomeSerializer(self._outcome()).data)
