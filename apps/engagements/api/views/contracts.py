"""The contract of an engagement, its money and its milestones."""

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
from apps.engagements.api.serializers.contracts import (
    AmendmentSerializer,
    ContractChangesSerializer,
    ContractSerializer,
    ContractTermsSerializer,
    InstalmentPlanSerializer,
    InstalmentSerializer,
    MilestonePlanSerializer,
    MilestoneSerializer,
    ReceiptSerializer,
)
from apps.engagements.api.views.described import Keeps, described
from apps.engagements.models import Contract, Engagement, Instalment, Milestone
from apps.engagements.selectors import contracts_of, instalments_of, milestones_of


def _told(summary: Any, request: Any, answer: Any, code: int = 200) -> Keeps:
    return described("contracts", summary, request, answer, code)


class ContractActions(PlatformViewSet):
    """Mixed into the endpoint of engagements."""

    def engagement(self) -> Engagement:
        raise NotImplementedError

    @_told(_("对接的技术合同"), None, ContractSerializer)
    @action(detail=True, methods=["get"])
    def contract(self, request: Request, public_id: str) -> Response:
        return Response(ContractSerializer(self._contract()).data)

    @_told(_("登记技术合同，对接进入“签约”"), ContractTermsSerializer, ContractSerializer, 201)
    @contract.mapping.post
    def contract_record(self, request: Request, public_id: str) -> Response:
        fields = self.valid(ContractTermsSerializer)
        services.contract_record(engagement=self.engagement(), by=self.person, **fields)
        return Response(ContractSerializer(self._contract()).data, status=status.HTTP_201_CREATED)

    @_told(_("更正登记错误"), ContractChangesSerializer, ContractSerializer)
    @contract.mapping.patch
    def contract_correct(self, request: Request, public_id: str) -> Response:
        fields = self.valid(ContractChangesSerializer)
        services.contract_correct(contract=self._contract(), by=self.person, **fields)
        return Response(ContractSerializer(self._contract()).data)

    @_told(_("登记合同变更，原条款保留为旧版本"), AmendmentSerializer, ContractSerializer)
    @action(detail=True, methods=["post"], url_path="contract/amend")
    def contract_amend(self, request: Request, public_id: str) -> Response:
        fields = self.valid(AmendmentSerializer)
        services.contract_amend(contract=self._contract(), by=self.person, **fields)
        return Response(ContractSerializer(self._contract()).data)

    @_told(_("增加一期款项"), InstalmentPlanSerializer, InstalmentSerializer, 201)
    @action(detail=True, methods=["post"])
    def instalments(self, request: Request, public_id: str) -> Response:
        fields = self.valid(InstalmentPlanSerializer)
        row = services.instalment_plan(contract=self._contract(), by=self.person, **fields)
        return Response(InstalmentSerializer(row).data, status=status.HTTP_201_CREATED)

    @_told(_("增加里程碑"), MilestonePlanSerializer, MilestoneSerializer, 201)
    @action(detail=True, methods=["post"])
    def milestones(self, request: Request, public_id: str) -> Response:
        fields = self.valid(MilestonePlanSerializer)
        row = services.milestone_set(contract=self._contract(), by=self.person, **fields)
        return Response(MilestoneSerializer(row).data, status=status.HTTP_201_CREATED)

    def _contract(self) -> Contract:
        return found(contracts_of(self.person).filter(engagement=self.engagement()).first())


@extend_schema_view(
    destroy=_told(_("删除尚未到账的一期"), None, None, 204),
    receive=_told(_("登记到账"), ReceiptSerializer, InstalmentSerializer),
    take_back=_told(_("撤销到账登记"), None, InstalmentSerializer),
)
class InstalmentViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = InstalmentSerializer
    queryset = Instalment.objects.none()  # tells the schema the model; rows come from what the person may see

    def destroy(self, request: Request, public_id: str) -> Response:
        services.instalment_drop(instalment=self._row(), by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"])
    def receive(self, request: Request, public_id: str) -> Response:
        fields = self.valid(ReceiptSerializer)
        row = services.instalment_receive(instalment=self._row(), by=self.person, **fields)
        return Response(InstalmentSerializer(row).data)

    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, public_id: str) -> Response:
        row = services.instalment_take_back(instalment=self._row(), by=self.person)
        return Response(InstalmentSerializer(row).data)

    def _row(self) -> Instalment:
        return found(instalments_of(self.person).filter(public_id=self.kwargs["public_id"]).first())


@extend_schema_view(
    destroy=_told(_("删除尚未验收的里程碑"), None, None, 204),
    accept=_told(_("本方验收"), None, MilestoneSerializer),
    withdraw=_told(_("撤回本方验收"), None, MilestoneSerializer),
)
class MilestoneViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = MilestoneSerializer
    queryset = Milestone.objects.none()  # tells the schema the model; rows come from what the person may see

    def destroy(self, request: Request, public_id: str) -> Response:
        services.milestone_drop(milestone=self._row(), by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"])
    def accept(self, request: Request, public_id: str) -> Response:
        return Response(MilestoneSerializer(services.milestone_accept(milestone=self._row(), by=self.person)).data)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, public_id: str) -> Response:
        return Response(MilestoneSerializer(services.milestone_withdraw(milestone=self._row(), by=self.person)).data)

    def _row(self) -> Milestone:
        return found(milestones_of(self.person).filter(public_id=self.kwargs["public_id"]).first())
