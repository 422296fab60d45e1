"""Proposals, and the answers of both sides."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import audit
from apps.core.api.views import PlatformViewSet, found
from apps.core.paging import FirstRowsByKey
from apps.matching import services
from apps.matching.api.serializers import DeclineSerializer, ProposalCardSerializer, ProposalSerializer
from apps.matching.models import Proposal, ProposalState
from apps.matching.presentation import views_of
from apps.matching.selectors import BY_PLACE, proposal_in_full, waiting_for
from apps.matching.similar import similar_of_needs


class ProposalFilter(FilterSet):
    need = django_filters.CharFilter(field_name="need__public_id", max_length=12)
    capability = django_filters.CharFilter(field_name="capability__public_id", max_length=12)
    state = django_filters.MultipleChoiceFilter(choices=ProposalState.choices, distinct=False)
    listed = django_filters.BooleanFilter(method="standing_in_a_list", label=_("在需求最近一次推荐名单中"))
    waiting = django_filters.BooleanFilter(method="waiting_for_me", label=_("对方已接受，等我方答复"))
    score_at_least = django_filters.NumberFilter(field_name="score", lookup_expr="gte", min_value=0, max_value=100)
    ordering = django_filters.OrderingFilter(fields=("score", "proposed_at", "rank"))

    def waiting_for_me(
        self,
        rows: QuerySet[Proposal],
        name: str,
        value: bool,  # noqa: FBT001  # not our signature
    ) -> QuerySet[Proposal]:
        mine = waiting_for(self.request.user).order_by().values("pk")
        return rows.filter(pk__in=mine) if value else rows.exclude(pk__in=mine)

    def standing_in_a_list(
        self,
        rows: QuerySet[Proposal],
        name: str,
        value: bool,  # noqa: FBT001  # not our signature
    ) -> QuerySet[Proposal]:
        """Said as the index of listed pairs says it."""
        return rows.filter(rank__isnull=not value)

    def filter_queryset(self, queryset: QuerySet[Proposal]) -> QuerySet[Proposal]:
        """The list of one need comes in its order, as on its page, unless another order is asked for."""
        rows: QuerySet[Proposal] = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        return rows.order_by(*BY_PLACE) if asked["need"] and not asked["ordering"] else rows

    class Meta:
        model = Proposal
        fields = ("state",)


def _answer(summary: Any, request: Any = None) -> Any:
    return extend_schema(summary=summary, request=request, responses=ProposalSerializer, tags=["proposals"])


@extend_schema_view(
    list=extend_schema(
        summary=_("我能看到的推荐"),
        description=_("最多列出前 2,000 条，count 也只数到这里；要找其余的，请用筛选条件收窄。"),
        responses=ProposalCardSerializer,
        tags=["proposals"],
    ),
    retrieve=extend_schema(
        summary=_("一条推荐：得分构成、理由、指标比对"), responses=ProposalSerializer, tags=["proposals"]
    ),
    accept=_answer(_("接受；双方都接受后互见联系方式并开启对接")),
    decline=_answer(_("婉拒，须写明原因"), DeclineSerializer),
    withdraw=_answer(_("收回我方的答复")),
)
class ProposalViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = ProposalSerializer
    filterset_class = ProposalFilter
    queryset = Proposal.objects.none()  # tells the schema the model; rows come from what the person may see

    def list(self, request: Request) -> Response:
        visible = self.filter_queryset(Proposal.objects.all_visible_to(self.person))
        rows: Any = FirstRowsByKey(visible, lambda keys: proposal_in_full(self.person).filter(pk__in=keys))
        page: Any = self.paginate_queryset(rows) or []
        views = views_of(page, self.person, similar=similar_of_needs(page, self.person))
        return self.get_paginated_response(ProposalCardSerializer(views, many=True).data)

    def retrieve(self, request: Request, public_id: str) -> Response:
        """Its own people's first look is noted, as on the page."""
        proposal = self._proposal()
        shown = self._shown(proposal)
        services.proposals_mark_viewed(proposals=[proposal], by=self.person)
        return shown

    @action(detail=True, methods=["post"])
    def accept(self, request: Request, public_id: str) -> Response:
        return self._answered(services.proposal_accept)

    @action(detail=True, methods=["post"])
    def decline(self, request: Request, public_id: str) -> Response:
        given = self.valid(DeclineSerializer)
        return self._answered(services.proposal_decline, reason=given["reason"], note=given.get("note", "").strip())

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, public_id: str) -> Response:
        return self._answered(services.proposal_withdraw)

    def _answered(self, service: Callable[..., Proposal], **given: Any) -> Response:
        service(proposal=self._proposal(), by=self.person, **given)
        return self._shown(self._proposal())

    def _proposal(self) -> Proposal:
        return found(proposal_in_full(self.person).filter(public_id=self.kwargs["public_id"]).first())

    def _shown(self, proposal: Proposal) -> Response:
        similar = similar_of_needs([proposal], self.person)
        (view,) = views_of([proposal], self.person, similar=similar)
        if view.contacts:
            audit.record_view(proposal, "contacts.seen", by=self.person, once_a_day=True)
        return Response(ProposalSerializer(view).data)
