"""The city's figures over the API: read-only, for officials, with the same filters as the pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.views import PlatformViewSet
from apps.stats.dashboard.distribution import Table, distribution
from apps.stats.dashboard.fit import Gap, fit
from apps.stats.dashboard.numbers import Number, Part
from apps.stats.dashboard.overview import overview
from apps.stats.forms import read_question
from apps.stats.models import CountedRow
from apps.stats.permissions import can_view_stats
from apps.stats.questions import Question

FILTERS = [
    OpenApiParameter("since", str, description=_("从哪一天，如 2022-01-01；默认近 12 个月")),
    OpenApiParameter("until", str, description=_("到哪一天")),
    OpenApiParameter("district", str, description=_("区市代码")),
    OpenApiParameter("chain", str, description=_("产业链代码；上级产业链包含其下各条链")),
    OpenApiParameter("tier", str, description=_("企业梯度代码")),
]


class IsOfficial(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        can_view_stats(request.user).require()
        return True


class QuestionSerializer(serializers.Serializer[Any]):
    since = serializers.DateField(source="period.first")
    until = serializers.DateField(source="period.last")
    before_since = serializers.DateField(source="before.first")
    before_until = serializers.DateField(source="before.last")


class NumberSerializer(serializers.Serializer[Number]):
    figure = serializers.CharField(source="figure.key")
    name = serializers.CharField(source="figure.label")
    definition = serializers.CharField(source="figure.definition")
    unit = serializers.SerializerMethodField()
    value = serializers.IntegerField(help_text=_("金额以分计"))
    before = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)

    def get_unit(self, number: Number) -> str:
        return "fen" if number.is_money else "rows"


class PartSerializer(serializers.Serializer[Part]):
    name = serializers.CharField(source="label")
    value = serializers.IntegerField(source="number")


class OverviewSerializer(serializers.Serializer[Any]):
    question = QuestionSerializer()
    current_at = serializers.DateTimeField(allow_null=True)
    numbers = NumberSerializer(many=True)
    outcome_types = PartSerializer(many=True)
    contract_types = PartSerializer(many=True)
    median_reply_hours = serializers.FloatField(allow_null=True)
    answered_within_week_percent = serializers.FloatField(allow_null=True)


class TableRowSerializer(serializers.Serializer[Any]):
    breakdown = serializers.CharField()
    name = serializers.CharField(source="label")
    numbers = serializers.DictField(child=serializers.IntegerField(), help_text=_("按统计项；金额以分计"))


class DistributionSerializer(serializers.Serializer[Any]):
    question = QuestionSerializer()
    current_at = serializers.DateTimeField(allow_null=True)
    rows = TableRowSerializer(many=True)


class SupplyGapSerializer(serializers.Serializer[Gap]):
    code = serializers.CharField(source="term.code")
    name = serializers.CharField(source="term")
    needs = serializers.IntegerField()
    capabilities = serializers.IntegerField()


class FitSerializer(serializers.Serializer[Any]):
    question = QuestionSerializer()
    current_at = serializers.DateTimeField(allow_null=True)
    lists = serializers.IntegerField()
    first_accepted_percent = serializers.FloatField(allow_null=True)
    five_accepted_percent = serializers.FloatField(allow_null=True)
    decline_reasons = PartSerializer(many=True)
    chains = SupplyGapSerializer(many=True)
    tags = SupplyGapSerializer(many=True)


class StatisticsViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated, IsOfficial)
    serializer_class = OverviewSerializer
    queryset = CountedRow.objects.none()
    filter_backends = ()
    pagination_class = None

    @extend_schema(
        summary=_("统计总览：从注册到成效、答复与金额"),
        parameters=FILTERS,
        responses=OverviewSerializer,
        tags=["stats"],
    )
    @action(detail=False)
    def overview(self, request: Request) -> Response:
        question = self.question()
        found = overview(question)
        wait = found.response.median_time
        shown = {
            "question": question,
            "current_at": found.current_at,
            "numbers": [*found.funnel, *found.beside, *found.money],
            "outcome_types": found.outcome_types,
            "contract_types": found.contract_types,
            "median_reply_hours": None if wait is None else round(wait.total_seconds() / 3600, 1),
            "answered_within_week_percent": found.response.share_in_week,
        }
        return Response(OverviewSerializer(shown).data)

    @extend_schema(
        summary=_("统计分布：区市、产业链、梯度、供给单位、技术经纪人"),
        parameters=FILTERS,
        responses=DistributionSerializer,
        tags=["stats"],
    )
    @action(detail=False)
    def distribution(self, request: Request) -> Response:
        question = self.question()
        found = distribution(question)
        tables = (found.districts, found.chains, found.tiers, found.kinds, found.institutions, found.brokers)
        rows = [row for table in tables for row in _rows(table)]
        return Response(
            DistributionSerializer({"question": question, "current_at": found.current_at, "rows": rows}).data
        )

    @extend_schema(
        summary=_("推荐质量、婉拒原因与供需存量"), parameters=FILTERS, responses=FitSerializer, tags=["stats"]
    )
    @action(detail=False)
    def fit(self, request: Request) -> Response:
        question = self.question()
        found = fit(question)
        shown = {
            "question": question,
            "current_at": found.current_at,
            "lists": found.lists.value,
            "first_accepted_percent": found.first_share,
            "five_accepted_percent": found.five_share,
            "decline_reasons": found.decline_reasons,
            "chains": found.chains,
            "tags": found.tags,
        }
        return Response(FitSerializer(shown).data)

    def question(self) -> Question:
        """Refused with the form's own sentences where a parameter is wrong: a program must not get other figures."""
        form, question = read_question(self.request.GET, self.person)
        if form.errors:
            raise serializers.ValidationError(
                {name: [str(error) for error in found] for name, found in form.errors.items()}
            )
        return question


def _rows(table: Table) -> list[dict[str, Any]]:
    keys = [figure.key for figure in table.figures]
    return [
        {
            "breakdown": table.name,
            "label": row.label,
            "numbers": {key: part.number for key, part in zip(keys, row.cells, strict=True)},
        }
        for row in table.rows
    ]
