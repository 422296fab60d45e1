"""云上研发中心 in the API: those of the city, and one's own."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.serializers import OrganisationSerializer
from apps.accounts.centre_forms import TEXTS
from apps.accounts.models import CloudCentre
from apps.accounts.selectors import centre_of, organisation_of, public_centres
from apps.accounts.services import cloud_centre_change, cloud_centre_open
from apps.accounts.services.centres import COLUMNS
from apps.core.api.terms import TermField, TermSerializer
from apps.core.api.views import PlatformViewSet, found
from apps.core.mentions import mentioning

TAGS = ["centres"]


class CentreSerializer(serializers.ModelSerializer[CloudCentre]):
    id = serializers.CharField(source="public_id", read_only=True)
    organisation = OrganisationSerializer(read_only=True)
    industry_chain = TermSerializer(read_only=True)

    class Meta:
        model = CloudCentre
        fields = ("id", "organisation", *COLUMNS, "opened_at", "revision")
        read_only_fields = fields


class NewCentreSerializer(serializers.ModelSerializer[CloudCentre]):
    industry_chain = TermField("industry_chain", required=True)

    class Meta:
        model = CloudCentre
        fields: tuple[str, ...] = COLUMNS


class CentreChangesSerializer(NewCentreSerializer):
    industry_chain = TermField("industry_chain", required=False, allow_null=False)
    revision = serializers.IntegerField(min_value=1, help_text=_("读取时的 revision；其间有人改过则返回 409。"))

    class Meta(NewCentreSerializer.Meta):
        fields = (*COLUMNS, "revision")
        extra_kwargs = {"products": {"required": False}}


class CentreFilter(FilterSet):
    q = django_filters.CharFilter(method="having_words", max_length=100, label=_("企业名称或主要产品中含有"))
    industry_chain = django_filters.CharFilter(method="in_chain", max_length=60)
    district = django_filters.CharFilter(field_name="organisation__district__code", max_length=60)

    def having_words(self, rows: QuerySet[CloudCentre], name: str, value: str) -> QuerySet[CloudCentre]:
        for word in value.split():
            rows = rows.filter(mentioning(word, *TEXTS))
        return rows

    def in_chain(self, rows: QuerySet[CloudCentre], name: str, value: str) -> QuerySet[CloudCentre]:
        return rows.filter(Q(industry_chain__code=value) | Q(industry_chain__parent__code=value))

    class Meta:
        model = CloudCentre
        fields = ()


@extend_schema_view(
    list=extend_schema(summary=_("已核验企业的云上研发中心"), responses=CentreSerializer, tags=TAGS),
    own=extend_schema(summary=_("我的云上研发中心"), responses=CentreSerializer, tags=TAGS),
)
class CentreViewSet(PlatformViewSet):
    serializer_class = CentreSerializer
    filterset_class = CentreFilter
    queryset = CloudCentre.objects.none()  # names the model for the schema

    def get_permissions(self) -> list[Any]:
        return [AllowAny() if self.action == "list" else IsAuthenticated()]

    def list(self, request: Request) -> Response:
        return self.listed(public_centres(), lambda row: row, CentreSerializer)

    @action(detail=False, methods=["get"], url_path="own", filterset_class=None)
    def own(self, request: Request) -> Response:
        return Response(CentreSerializer(found(centre_of(found(organisation_of(self.person))))).data)

    @extend_schema(
        summary=_("开通云上研发中心"), request=NewCentreSerializer, responses={201: CentreSerializer}, tags=TAGS
    )
    @own.mapping.post
    def open(self, request: Request) -> Response:
        organisation = found(organisation_of(self.person))
        values = self.valid(NewCentreSerializer)
        centre = cloud_centre_open(organisation=organisation, by=self.person, values=values)
        return Response(CentreSerializer(centre).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary=_("修改我的云上研发中心"), request=CentreChangesSerializer, responses=CentreSerializer, tags=TAGS
    )
    @own.mapping.patch
    def change(self, request: Request) -> Response:
        centre = found(centre_of(found(organisation_of(self.person))))
        values = self.valid(CentreChangesSerializer)
        seen = values.pop("revision")
        return Response(
            CentreSerializer(cloud_centre_change(centre=centre, by=self.person, values=values, seen=seen)).data
        )
