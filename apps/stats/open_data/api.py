"""The open statistics for programs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.schema import PlatformSchema
from apps.core.api.views import AUTHENTICATION
from apps.core.switches import require_on
from apps.stats.open_data.counting import OpenRow, open_statistics
from apps.stats.open_data.rules import SWITCH


class OpenRowSerializer(serializers.Serializer[OpenRow]):
    year = serializers.IntegerField()
    figure = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF's own name for what a field is called
    breakdown = serializers.CharField(help_text=_("total、month、district、chain 或 outcome_type"))
    code = serializers.CharField()
    category = serializers.CharField()
    value = serializers.IntegerField(allow_null=True, help_text=_("null 表示数太小，不公开；金额以百万元计"))
    is_rough = serializers.BooleanField(help_text=_("今年以来的数，舍到十"))


class OpenStatisticsSerializer(serializers.Serializer[Any]):
    threshold = serializers.IntegerField()
    until = serializers.DateField()
    rows = OpenRowSerializer(many=True)


class OpenStatisticsView(APIView):
    schema = PlatformSchema()
    authentication_classes = AUTHENTICATION
    permission_classes = (AllowAny,)

    @extend_schema(summary=_("公开统计：任何人可用的汇总数据"), responses=OpenStatisticsSerializer, tags=["stats"])
    def get(self, request: Request) -> Response:
        require_on(SWITCH)
        return Response(OpenStatisticsSerializer(open_statistics()).data)
