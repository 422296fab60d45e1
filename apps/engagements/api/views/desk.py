"""The broker's desk over the API: matters, calls, pairs by hand, and credit for contracts."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.capabilities.models import Capability
from apps.core.api.views import PlatformViewSet, found
from apps.engagements.api.serializers.desk import (
    CallRecordSerializer,
    CreditSerializer,
    HandOverSerializer,
    PhoneCallSerializer,
    RecommendationSerializer,
    RecommendedSerializer,
    ReferralCloseSerializer,
    ReferralPlanSerializer,
    ReferralSerializer,
    SharesSerializer,
)
from apps.engagements.api.views.described import Keeps, described
from apps.engagements.desk import credits as shares
from apps.engagements.desk import referrals
from apps.engagements.desk.calls import call_record
from apps.engagements.desk.pairing import pair_recommend
from apps.engagements.desk.permissions import can_recommend, can_record_call
from apps.engagements.desk.presentation import desk_row
from apps.engagements.desk.selectors import credits_of, referrals_of
from apps.engagements.models import Contract, ContractCredit, Engagement, PhoneCall, Referral, ReferralKind
from apps.engagements.selectors import contracts_of
from apps.matching.models import Proposal
from apps.needs.models import Need


def _told(summary: Any, request: Any, answer: Any = ReferralSerializer, code: int = 200) -> Keeps:
    return described("desk", summary, request, answer, code)


class ReferralFilter(FilterSet):
    kind = django_filters.MultipleChoiceFilter(choices=ReferralKind.choices)
    is_open = django_filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")
    is_taken = django_filters.BooleanFilter(field_name="taken_by", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Referral
        fields = ("kind",)


@extend_schema_view(
    list=extend_schema(summary=_("工作台的事项"), responses=ReferralSerializer, tags=["desk"]),
    retrieve=extend_schema(summary=_("一项转办事项"), responses=ReferralSerializer, tags=["desk"]),
)
class ReferralViewSet(PlatformViewSet):
    """For brokers of the region and the platform's staff; for everybody else there is nothing here."""

    permission_classes = (IsAuthenticated,)
    serializer_class = ReferralSerializer
    filterset_class = ReferralFilter
    queryset = Referral.objects.none()  # tells the schema the model; rows come from what the person may see

    def list(self, request: Request) -> Response:
        return self.listed(referrals_of(self.person), lambda row: desk_row(row, self.person), ReferralSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        return Response(ReferralSerializer(desk_row(self._row(), self.person)).data)

    @_told(_("领取"), None)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, public_id: str) -> Response:
        referrals.referral_take(referral=self._row(), by=self.person)
        return self.retrieve(request, public_id)

    @_told(_("转交给同事，或放回待分配；须写明说明"), HandOverSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, public_id: str) -> Response:
        fields = self.valid(HandOverSerializer)
        row = referrals.referral_hand_over(referral=self._row(), by=self.person, **fields)
        return Response(ReferralSerializer(desk_row(row, self.person)).data)

    @_told(_("安排下一步"), ReferralPlanSerializer)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, public_id: str) -> Response:
        referrals.referral_plan(referral=self._row(), by=self.person, **self.valid(ReferralPlanSerializer))
        return self.retrieve(request, public_id)

    @_told(_("办结，须写明结果"), ReferralCloseSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, public_id: str) -> Response:
        referrals.referral_close(referral=self._row(), by=self.person, **self.valid(ReferralCloseSerializer))
        return self.retrieve(request, public_id)

    def _row(self) -> Referral:
        return found(referrals_of(self.person).filter(public_id=self.kwargs["public_id"]).first())


@extend_schema_view(
    list=extend_schema(summary=_("电话记录"), responses=PhoneCallSerializer, tags=["desk"]),
    create=_told(_("记录一次通话"), CallRecordSerializer, PhoneCallSerializer, 201),
)
class PhoneCallViewSet(PlatformViewSet):
    """Never shown to the two sides."""

    permission_classes = (IsAuthenticated,)
    serializer_class = PhoneCallSerializer
    queryset = PhoneCall.objects.none()  # tells the schema the model; rows come from what the person may see

    def list(self, request: Request) -> Response:
        rows = PhoneCall.objects.visible_to(self.person).select_related("need", "proposal", "engagement", "by")
        return self.listed(rows, lambda row: row, PhoneCallSerializer)

    def create(self, request: Request) -> Response:
        can_record_call(self.person).require()
        fields = self.valid(CallRecordSerializer)
        call = call_record(by=self.person, **self._subject(fields), **fields)
        return Response(PhoneCallSerializer(call).data, status=status.HTTP_201_CREATED)

    def _subject(self, fields: dict[str, Any]) -> Any:
        """The rows that the one id names, taken out of `fields`."""
        if case_id := fields.pop("engagement", None):
            cases = Engagement.objects.visible_to(self.person).select_related("proposal__need")
            case = found(cases.filter(public_id=case_id).first())
            return {"need": case.proposal.need, "proposal": case.proposal, "engagement": case}
        if pair_id := fields.pop("proposal", None):
            pairs = Proposal.objects.visible_to(self.person).select_related("need")
            pair = found(pairs.filter(public_id=pair_id).first())
            return {"need": pair.need, "proposal": pair}
        return {"need": found(Need.objects.visible_to(self.person).filter(public_id=fields.pop("need")).first())}


class RecommendationViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = RecommendationSerializer
    queryset = Proposal.objects.none()  # tells the schema the model

    @_told(
        _("手工推荐：把一项需求和一项资源推荐给双方，须写明理由"), RecommendationSerializer, RecommendedSerializer, 201
    )
    def create(self, request: Request) -> Response:
        can_recommend(self.person).require()
        fields = self.valid(RecommendationSerializer)
        need = found(Need.objects.visible_to(self.person).filter(public_id=fields["need"]).first())
        seen = Capability.objects.visible_to(self.person)
        capability = found(seen.filter(public_id=fields["capability"]).first())
        proposal = pair_recommend(need=need, capability=capability, reason=fields["reason"], by=self.person)
        return Response(RecommendedSerializer(proposal).data, status=status.HTTP_201_CREATED)


@extend_schema_view(list=extend_schema(summary=_("我的业绩"), responses=CreditSerializer, tags=["desk"]))
class CreditViewSet(PlatformViewSet):
    """A broker's own shares; an administrator's list has everybody's."""

    permission_classes = (IsAuthenticated,)
    serializer_class = CreditSerializer
    queryset = ContractCredit.objects.none()  # tells the schema the model; rows come from what the person may see

    def list(self, request: Request) -> Response:
        return self.listed(credits_of(self.person), lambda row: row, CreditSerializer)


class CreditActions(PlatformViewSet):
    """Mixed into the endpoint of engagements."""

    def engagement(self) -> Engagement:
        """The case of the address: the endpoint that this is mixed into knows it."""
        raise NotImplementedError

    @_told(_("提出业绩分配，替换之前的方案"), SharesSerializer, CreditSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="contract/credits", pagination_class=None)
    def credits(self, request: Request, public_id: str) -> Response:
        contract = self._shared_contract()
        wanted = {share["broker"]: share["percent"] for share in self.valid(SharesSerializer)["shares"]}
        rows = shares.credits_propose(contract=contract, shares=wanted, by=self.person)
        return Response(CreditSerializer(rows, many=True).data)

    @_told(_("管理员确认业绩分配"), None, CreditSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="contract/credits/confirm", pagination_class=None)
    def credits_confirm(self, request: Request, public_id: str) -> Response:
        rows = shares.credits_confirm(contract=self._shared_contract(), by=self.person)
        return Response(CreditSerializer(rows, many=True).data)

    def _shared_contract(self) -> Contract:
        return found(contracts_of(self.person).filter(engagement=self.engagement()).first())
