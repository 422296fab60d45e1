"""Experts' confirmations, for programs: asked for, and proved by a reviewer, one by one or by a list."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability, CapabilityKind
from apps.core.api.views import PlatformViewSet, found
from apps.review.api.serializers import (
    AskSerializer,
    ConfirmationSerializer,
    ListProofSerializer,
    ListProvedSerializer,
    ProofSerializer,
)
from apps.review.models import ExpertConfirmation
from apps.review.permissions import can_ask_expert, can_use_desk
from apps.review.queues import experts_of
from apps.review.services.experts import expert_ask, expert_prove
from apps.review.services.proving import experts_prove


@extend_schema_view(
    ask=extend_schema(summary=_("给专家本人发确认邮件"), request=AskSerializer, responses=ConfirmationSerializer),
    prove=extend_schema(
        summary=_("审核员凭依据确认专家本人同意"), request=ProofSerializer, responses=ConfirmationSerializer
    ),
    prove_list=extend_schema(
        operation_id="review_expert_list_prove",
        summary=_("凭单位出示的名单一起确认专家"),
        request=ListProofSerializer,
        responses=ListProvedSerializer,
    ),
)
@extend_schema(tags=["review"])
class ExpertViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = ConfirmationSerializer
    queryset = Capability.objects.none()  # names the model for the schema

    @action(detail=True, methods=["post"])
    def ask(self, request: Request, public_id: str) -> Response:
        given = self.valid(AskSerializer)
        return self._told(expert_ask(capability=self._expert(), by=self.person, **given))

    @action(detail=True, methods=["post"])
    def prove(self, request: Request, public_id: str) -> Response:
        given = self.valid(ProofSerializer)
        row = self._expert()
        can_use_desk(self.person).require()
        return self._told(expert_prove(capability=row, by=self.person, **given))

    @action(detail=False, methods=["post"], url_path="prove")
    def prove_list(self, request: Request) -> Response:
        can_use_desk(self.person).require()
        given = self.valid(ListProofSerializer)
        organisation = found(Organisation.objects.filter(public_id=given.pop("organisation")).first())
        count = experts_prove(organisation=organisation, by=self.person, **given)
        waiting = experts_of(organisation, self.person).count()
        return Response(ListProvedSerializer({"confirmed": count, "waiting": waiting}).data)

    def _expert(self) -> Any:
        """For whoever listed them, and reviewers of the region."""
        rows = Capability.objects.filter(kind=CapabilityKind.EXPERT, public_id=self.kwargs["public_id"])
        row = found(rows.select_related("organisation").first())
        return found(row if can_ask_expert(self.person, row) else None)

    def _told(self, confirmation: ExpertConfirmation) -> Response:
        confirmation.capability.refresh_from_db()
        return Response(ConfirmationSerializer(confirmation).data)
