"""暂停展示, for programs: what is kept back in the reviewer's region, and showing it again."""

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

from apps.core.api.views import PlatformViewSet, found
from apps.review.api.serializers import LiftSerializer, WithholdingSerializer
from apps.review.models import Withholding
from apps.review.permissions import can_handle, can_use_desk
from apps.review.queues import withholdings
from apps.review.services.withholding import withholding_lift

RELATED = ("organisation", "need__organisation", "capability__organisation", "withheld_by", "lifted_by")


class WithholdingFilter(FilterSet):
    is_lifted = django_filters.BooleanFilter(
        field_name="lifted_at", lookup_expr="isnull", exclude=True, label=_("已恢复展示")
    )

    class Meta:
        model = Withholding
        fields = ()


@extend_schema_view(
    list=extend_schema(summary=_("暂停展示的内容，含已恢复的"), responses=WithholdingSerializer),
    lift=extend_schema(summary=_("恢复展示"), request=LiftSerializer, responses=WithholdingSerializer),
)
@extend_schema(tags=["review"])
class WithholdingViewSet(PlatformViewSet):
    """For reviewers of the region; which rows exist is told to nobody else."""

    permission_classes = (IsAuthenticated,)
    serializer_class = WithholdingSerializer
    filterset_class = WithholdingFilter
    queryset = Withholding.objects.none()  # names the model for the schema

    def list(self, request: Request) -> Response:
        return self.listed(self._rows(), lambda row: row, WithholdingSerializer)

    @action(detail=True, methods=["post"])
    def lift(self, request: Request, public_id: str) -> Response:
        row = self._row()
        can_handle(self.person, row.row).require()
        withholding_lift(withholding=row, by=self.person, **self.valid(LiftSerializer))
        return Response(WithholdingSerializer(self._row()).data)

    def _rows(self) -> QuerySet[Withholding]:
        can_use_desk(self.person).require()
        return withholdings(self.person).select_related(*RELATED).order_by("-created_at", "-id")

    def _row(self) -> Any:
        return found(self._rows().filter(public_id=self.kwargs["public_id"]).first())
