"""揭榜 over the API. A bid is taken back as any yes: `POST proposals/{id}/withdraw/`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.capabilities.models import Capability
from apps.core.api.views import PlatformViewSet, found
from apps.core.validators import validate_text
from apps.matching.api.serializers import ProposalCardSerializer, ProposalSerializer
from apps.matching.bids.services import bid_place
from apps.matching.models import Bid, Proposal
from apps.matching.models.bids import LONGEST_MONTHS, LONGEST_PLAN, SHORTEST_PLAN
from apps.matching.presentation import views_of
from apps.matching.selectors import bids_of, proposal_in_full, proposals_of_bids
from apps.needs.selectors import need_for


class PlacedBidSerializer(serializers.Serializer[Any]):
    """What a bid says."""

    capability = serializers.CharField(max_length=12, validators=[validate_text], help_text=_("用哪项资源揭榜：其编号"))
    plan = serializers.CharField(
        min_length=SHORTEST_PLAN, max_length=LONGEST_PLAN, validators=[validate_text], help_text=_("揭榜方案")
    )
    price_wan = serializers.DecimalField(
        max_digits=10, decimal_places=2, min_value=0, required=False, allow_null=True, help_text=_("万元；不给即面议")
    )
    months = serializers.IntegerField(min_value=1, max_value=LONGEST_MONTHS, help_text=_("预计几个月完成"))


class OwnBidSerializer(serializers.Serializer[Any]):
    """One of the reader's organisation's bids, taken back or not."""

    plan = serializers.CharField(read_only=True)
    price_wan = serializers.DecimalField(max_digits=10, decimal_places=2, read_only=True, allow_null=True)
    months = serializers.IntegerField(read_only=True)
    placed_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)
    proposal = ProposalCardSerializer(read_only=True)


@extend_schema_view(
    create=extend_schema(
        summary=_("揭榜：写方案应答一条需求"),
        request=PlacedBidSerializer,
        responses=ProposalSerializer,
        tags=["proposals"],
    )
)
class NeedBidViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = ProposalSerializer
    queryset = Proposal.objects.none()  # tells the schema the model

    def create(self, request: Request, public_id: str) -> Response:
        need, given = found(need_for(self.person, self.kwargs["public_id"])), self.valid(PlacedBidSerializer)
        own = Capability.objects.visible_to(self.person).filter(public_id=given["capability"])
        placed = bid_place(
            need=need,
            capability=found(own.first()),
            plan=given["plan"],
            months=given["months"],
            price_wan=given.get("price_wan"),
            by=self.person,
        )
        full = found(proposal_in_full(self.person).filter(pk=placed.proposal_id).first())
        (view,) = views_of([full], self.person)
        return Response(ProposalSerializer(view).data, status=201)


@extend_schema_view(list=extend_schema(summary=_("本单位的揭榜"), responses=OwnBidSerializer, tags=["proposals"]))
class BidViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = OwnBidSerializer
    queryset = Bid.objects.none()  # tells the schema the model; rows come from what the person may see

    def list(self, request: Request) -> Response:
        bids: list[Bid] = list(self.paginate_queryset(bids_of(self.person)) or [])
        views = views_of(proposals_of_bids(bids), self.person)
        rows = [
            {
                "plan": bid.plan,
                "price_wan": bid.price_wan,
                "months": bid.months,
                "placed_at": bid.placed_at,
                "withdrawn_at": bid.withdrawn_at,
                "proposal": view,
            }
            for bid, view in zip(bids, views, strict=True)
        ]
        return self.get_paginated_response(OwnBidSerializer(rows, many=True).data)
