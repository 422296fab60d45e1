"""Capabilities: the catalogue, one's own, and every move of their life that their people may make."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors import organisation_of
from apps.capabilities import services
from apps.capabilities.api.serializers import (
    CapabilityCardSerializer,
    CapabilityChangesSerializer,
    CapabilitySerializer,
    NewCapabilitySerializer,
    shown_capability,
)
from apps.capabilities.content import INDICATORS, IndicatorValues
from apps.capabilities.filters import TEXTS, at_or_below, having, told_in_texts
from apps.capabilities.models import Capability, CapabilityKind, CapabilityState
from apps.capabilities.selectors import capability_card, capability_for, with_terms
from apps.core.api.views import PlatformViewSet, found
from apps.core.mentions import mentioning


class CapabilityFilter(FilterSet):
    """None of these looks at the owner: a search must not tell who is behind an anonymous capability."""

    q = django_filters.CharFilter(method="having_words", max_length=100, label=_("名称、价值或介绍中含有"))
    kind = django_filters.MultipleChoiceFilter(choices=CapabilityKind.choices)
    state = django_filters.MultipleChoiceFilter(choices=CapabilityState.choices)
    industry = django_filters.CharFilter(method="in_industry", max_length=60)
    tag = django_filters.CharFilter(field_name="tags__code", max_length=60)
    cooperation_mode = django_filters.CharFilter(field_name="cooperation_modes__code", max_length=60)
    trl_at_least = django_filters.NumberFilter(field_name="trl", lookup_expr="gte", min_value=1, max_value=9)
    mine = django_filters.BooleanFilter(method="of_my_organisation", label=_("只看本单位的"))
    ordering = django_filters.OrderingFilter(fields=("published_at", "valid_until", "updated_at"))

    def having_words(self, rows: QuerySet[Capability], name: str, value: str) -> QuerySet[Capability]:
        told = Capability.objects.all()
        for word in value.split():
            told = told.filter(mentioning(word, *TEXTS))
        return rows.filter(pk__in=told_in_texts(told)) if value.split() else rows

    def in_industry(self, rows: QuerySet[Capability], name: str, value: str) -> QuerySet[Capability]:
        return rows.filter(pk__in=having("industries", Q(term__in=at_or_below("code", value))))

    def of_my_organisation(
        self,
        rows: QuerySet[Capability],
        name: str,
        value: bool,  # noqa: FBT001  # not our signature
    ) -> QuerySet[Capability]:
        mine = organisation_of(self.request.user)
        return rows.filter(organisation=mine) if value else rows.exclude(organisation=mine)

    class Meta:
        model = Capability
        fields = ("state",)


def _move(summary: Any) -> Any:
    return extend_schema(summary=summary, request=None, responses=CapabilitySerializer, tags=["capabilities"])


@extend_schema_view(
    list=extend_schema(summary=_("我能看到的资源"), responses=CapabilityCardSerializer, tags=["capabilities"]),
    retrieve=extend_schema(summary=_("一项资源"), responses=CapabilitySerializer, tags=["capabilities"]),
    create=extend_schema(
        summary=_("新建草稿"),
        request=NewCapabilitySerializer,
        responses={201: CapabilitySerializer},
        tags=["capabilities"],
    ),
    partial_update=extend_schema(
        summary=_("修改草稿或已发布的资源"),
        request=CapabilityChangesSerializer,
        responses=CapabilitySerializer,
        tags=["capabilities"],
    ),
    publish=_move(_("提交；单位已核验的随即发布")),
    recall=_move(_("撤回待审核的资源")),
    confirm=_move(_("确认仍有效，续期一年")),
    archive=_move(_("下架")),
    reopen=_move(_("重新上架")),
)
class CapabilityViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticatedOrReadOnly,)
    serializer_class = CapabilitySerializer
    filterset_class = CapabilityFilter
    queryset = Capability.objects.none()  # tells the schema the model; rows come from what the person may see

    def list(self, request: Request) -> Response:
        rows = with_terms(Capability.objects.visible_to(self.person))
        return self.listed(rows, lambda row: capability_card(row, self.person), CapabilityCardSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        return self._shown(self._capability())

    def create(self, request: Request) -> Response:
        values, indicators = _content(self.valid(NewCapabilitySerializer))
        form_key = values.pop("form_key", None)
        capability = services.capability_draft_save(
            by=self.person, values=values, indicators=indicators, form_key=form_key
        )
        return self._shown(capability, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, public_id: str) -> Response:
        capability = self._capability()
        values, indicators = _content(self.valid(CapabilityChangesSerializer))
        version = values.pop("version")
        is_listed = capability.state in (CapabilityState.PUBLISHED, CapabilityState.STALE)
        save = services.capability_update_published if is_listed else services.capability_draft_save
        save(capability=capability, by=self.person, values=values, indicators=indicators, version=version)
        return self._shown(self._capability())

    @action(detail=True, methods=["post"])
    def publish(self, request: Request, public_id: str) -> Response:
        return self._move(services.capability_publish)

    @action(detail=True, methods=["post"])
    def recall(self, request: Request, public_id: str) -> Response:
        return self._move(services.capability_recall)

    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, public_id: str) -> Response:
        return self._move(services.capability_confirm)

    @action(detail=True, methods=["post"])
    def archive(self, request: Request, public_id: str) -> Response:
        return self._move(services.capability_archive)

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, public_id: str) -> Response:
        return self._move(services.capability_reopen)

    def _move(self, service: Callable[..., Capability]) -> Response:
        service(capability=self._capability(), by=self.person)
        return self._shown(self._capability())

    def _capability(self) -> Capability:
        return found(capability_for(self.person, self.kwargs["public_id"]))

    def _shown(self, capability: Capability, code: int = status.HTTP_200_OK) -> Response:
        return Response(CapabilitySerializer(shown_capability(capability, self.person)).data, status=code)


def _content(values: dict[str, Any]) -> tuple[dict[str, Any], list[IndicatorValues] | None]:
    """Columns and lists as the services take them, and the indicators where they were sent."""
    rows = values.pop(INDICATORS, None)
    return values, None if rows is None else [IndicatorValues(**row) for row in rows]
