"""Queues and verdicts, for programs: what the desk's pages do, by the same services."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability
from apps.core.api.views import PlatformViewSet, found
from apps.needs.models import Need
from apps.review.api.serializers import (
    DecisionSerializer,
    ItemSerializer,
    QueueChoiceSerializer,
    QueueLineSerializer,
    QueueSerializer,
)
from apps.review.models import Handling, Outcome, Row
from apps.review.permissions import can_handle, can_use_desk
from apps.review.presentation import as_item, as_line
from apps.review.queues import QUEUES, counts, page_rows
from apps.review.rules import goal_days
from apps.review.services import Assessment, Seen, item_decide
from apps.taxonomy.models import Term, Vocabulary

TAGS = ["review"]


@extend_schema_view(list=extend_schema(summary=_("审核队列和各自的待审数量"), responses=QueueSerializer(many=True)))
@extend_schema(tags=TAGS)
class QueueViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = QueueSerializer
    pagination_class = None
    queryset = Handling.objects.none()  # names a model for the schema

    def list(self, request: Request) -> Response:
        can_use_desk(self.person).require()
        numbers = counts(self.person)
        rows = [{"name": name, "title": queue.label, "count": numbers[name]} for name, queue in QUEUES.items()]
        return Response(QueueSerializer(rows, many=True).data)


@extend_schema_view(
    list=extend_schema(
        summary=_("一个队列里等待审核的内容，先到先审"),
        parameters=[QueueChoiceSerializer],
        responses=QueueLineSerializer,
    )
)
@extend_schema(tags=TAGS)
class LineViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = QueueLineSerializer
    queryset = Handling.objects.none()  # names a model for the schema

    def list(self, request: Request) -> Response:
        can_use_desk(self.person).require()
        asked = QueueChoiceSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        chosen = dict(asked.validated_data)
        queue = QUEUES[chosen.pop("queue", "organisations")]
        if code := chosen.pop("district", ""):
            chosen["district"] = found(Term.objects.filter(vocabulary=Vocabulary.DISTRICT, code=code).first())
        days = goal_days()
        rows = page_rows(queue, self.person, chosen)
        return self.listed(rows, lambda row: as_line(row, queue.row, self.person, days=days), QueueLineSerializer)


@extend_schema_view(
    retrieve=extend_schema(summary=_("一项待审内容：改动、评分项和审核记录"), responses=ItemSerializer),
    decide=extend_schema(summary=_("给出审核结论"), request=DecisionSerializer, responses=ItemSerializer),
)
@extend_schema(tags=TAGS)
class ItemViewSet(PlatformViewSet):
    """For reviewers of the region; which rows exist is told to nobody else."""

    permission_classes = (IsAuthenticated,)
    serializer_class = ItemSerializer

    def retrieve(self, request: Request, public_id: str) -> Response:
        return self._shown()

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, public_id: str) -> Response:
        row, given = self._row(), self.valid(DecisionSerializer)
        seen = Seen(given.pop("revision"), given.pop("version"))
        given["outcome"] = Outcome(given["outcome"])
        item_decide(row=row, by=self.person, given=Assessment(**given), seen=seen)
        return self._shown()

    def _row(self) -> Row:
        can_use_desk(self.person).require()
        row: Row = found(self.get_queryset().filter(public_id=self.kwargs["public_id"]).first())
        can_handle(self.person, row).require()
        return row

    def _shown(self) -> Response:
        return Response(ItemSerializer(as_item(self._row())).data)


class OrganisationItemViewSet(ItemViewSet):
    queryset: QuerySet[Any] = Organisation.objects.select_related("district")


class NeedItemViewSet(ItemViewSet):
    queryset: QuerySet[Any] = Need.objects.select_related("organisation")


class CapabilityItemViewSet(ItemViewSet):
    queryset: QuerySet[Any] = Capability.objects.select_related("organisation")
